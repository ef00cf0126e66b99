/** Official clients, unchanged, against a running hub. */
@NullMarked
package dev.spillway.clients;

import org.jspecify.annotations.NullMarked;
