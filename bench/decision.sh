#!/bin/sh
# What a decision costs, in time and garbage: bench/decision.sh [JMH options], after mvn package -pl bench -am.
# Other work on the machine shows: run it alone. java must be a 25, or JAVA_HOME name one.
set -e
here=$(dirname "$0")
exec "${JAVA_HOME:+$JAVA_HOME/bin/}java" -cp "$here/target/classes:$here/target/lib/*" org.openjdk.jmh.Main -prof gc "$@"
