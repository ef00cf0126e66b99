package dev.spillway.gateway.upstream;

/** Where a deployment is, as attempts reach it. */
public sealed interface Place permits Endpoint, Linked {}
