/** The admin port's routes: health, metrics, decisions, deployments, configuration. */
@NullMarked
package dev.spillway.control.api;

import org.jspecify.annotations.NullMarked;
