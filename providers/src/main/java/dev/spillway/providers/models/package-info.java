/** What engines say that they serve: reading their lists of models and their own pages. */
@NullMarked
package dev.spillway.providers.models;

import org.jspecify.annotations.NullMarked;
