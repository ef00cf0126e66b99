package dev.spillway.wire.error;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.wire.json.ByteSlice;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FlatErrorTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'message':'m','code':'429'}",
        "{'code':429,'message':'m','type':null}",
        "{'object':'error','message':'m','type':'BadRequestError','param':null}",
        "{'message':'m','type':'too_many_requests'}",
        "{'type':'error','message':'m','code':null}",
        "{'type':'of_next_year','message':'m','code':'c'}",
        "{'error':'m'}",
        "{'error':'m','type':'server_error'}",
        "{'detail':'Not Found'}",
        "{'detail':[{'loc':['body'],'msg':'m'}]}",
        "{'detail':{'message':'m'}}"
      })
  void knowsTheFormsThatProvidersSend(String json) {
    assertThat(FlatError.is(ByteSlice.of(json.replace('\'', '"')))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "[]",
        "{'message':'m'",
        "{'message':'m'}",
        "{'code':429}",
        "{'type':'ping'}",
        "{'type':'response.created','message':'m'}",
        "{'type':'response.in_progress','error':'m','detail':'high'}",
        "{'type':'message_start','message':{'code':1},'code':1}",
        "{'message':{'message':'m','code':1}}",
        "{'error':null,'detail':null}"
      })
  void takesNothingElseForOne(String json) {
    assertThat(FlatError.is(ByteSlice.of(json.replace('\'', '"')))).isFalse();
  }
}
