package dev.spillway.app.config;

import dev.spillway.app.yaml.Key;
import java.nio.file.Path;

/** What the data port proves itself with. */
public record TlsConfig(
    @Key("PEM file of the certificate, followed by those that sign it") Path certificate,
    @Key("PEM file of its private key, PKCS#8") Path key) {}
