@NullMarked
package dev.spillway.wire.multipart;

import org.jspecify.annotations.NullMarked;
