/** YAML into records, strictly: every key known, every value typed, every error with its line. */
@NullMarked
package dev.spillway.app.yaml;

import org.jspecify.annotations.NullMarked;
