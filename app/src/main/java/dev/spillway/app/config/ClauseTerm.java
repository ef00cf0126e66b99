package dev.spillway.app.config;

import dev.spillway.app.yaml.Key;
import dev.spillway.core.model.ClauseId;
import dev.spillway.core.policy.Clause;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/** What every clause has: when it is in force, and why it was agreed. */
public record ClauseTerm(
    @Key("first day in force, from midnight UTC; always if not said") @Nullable LocalDate from,
    @Key("first day no longer in force; for good if not said") @Nullable LocalDate until,
    @Key("why it was agreed, for people; shown with every refusal") @Nullable String because) {
  Clause.Heading of(ClauseId id) {
    return new Clause.Heading(id, from, until, because == null ? "" : because);
  }
}
