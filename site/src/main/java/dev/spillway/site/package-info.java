/** A partner's agent: runs next to the engines, dials the hub, serves what the contract allows. */
@NullMarked
package dev.spillway.site;

import org.jspecify.annotations.NullMarked;
