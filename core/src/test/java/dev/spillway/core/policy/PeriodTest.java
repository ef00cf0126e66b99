package dev.spillway.core.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PeriodTest {
  /** 2028-02-29 is a Tuesday. */
  @ParameterizedTest
  @CsvSource({
    "DAY, 2028-02-29T00:00:00Z, 2028-03-01T00:00:00Z",
    "WEEK, 2028-02-28T00:00:00Z, 2028-03-06T00:00:00Z",
    "MONTH, 2028-02-01T00:00:00Z, 2028-03-01T00:00:00Z",
    "YEAR, 2028-01-01T00:00:00Z, 2029-01-01T00:00:00Z"
  })
  void lastsFromItsFirstSecondToTheNextOnes(Period period, Instant start, Instant end) {
    long within = Instant.parse("2028-02-29T13:45:10Z").getEpochSecond();

    assertThat(period.startOf(within)).isEqualTo(start.getEpochSecond());
    assertThat(period.endOf(within)).isEqualTo(end.getEpochSecond());
    assertThat(period.startOf(start.getEpochSecond())).isEqualTo(start.getEpochSecond());
    assertThat(period.endOf(end.getEpochSecond() - 1)).isEqualTo(end.getEpochSecond());
    assertThat(period.startOf(end.getEpochSecond())).isEqualTo(end.getEpochSecond());
  }

  @Test
  void knowsTimesBefore1970() {
    assertThat(Period.DAY.startOf(-1)).isEqualTo(-86_400);
    assertThat(Period.DAY.endOf(-1)).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void isFoundByItsLabel(Period period) {
    assertThat(Period.ofLabel(period.label())).contains(period);
    assertThat(Period.ofLabel(period.name())).isEmpty();
  }
}
