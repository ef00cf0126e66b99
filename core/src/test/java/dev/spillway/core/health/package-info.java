/** Tests of breakers and admission states. */
@NullMarked
package dev.spillway.core.health;

import org.jspecify.annotations.NullMarked;
