/**
 * Faults between machines: hub, agent and engines as processes of their own, each in a network
 * namespace, and packets that are really lost.
 */
@NullMarked
package dev.spillway.app.netns;

import org.jspecify.annotations.NullMarked;
