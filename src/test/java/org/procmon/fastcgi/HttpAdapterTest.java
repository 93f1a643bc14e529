package org.procmon.fastcgi;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.procmon.http.Handler;
import org.procmon.http.HeaderField;
import org.procmon.http.HttpAnswer;
import org.procmon.http.RequestRefused;
import org.procmon.http.ResponseHeader;

class HttpAdapterTest {
    private final CannedChannel channel = new CannedChannel(new byte[0], 1);
    private final ResponderResponse response =
            new ResponderResponse(channel, ByteBuffer.allocate(4096), 1);
    private final List<Runnable> watches = new ArrayList<>();

    private void handle(Handler handler) throws IOException {
        new HttpAdapter(handler)
                .handle(
                        new ResponderRequest(
                                Map.of(
                                        "REQUEST_METHOD",
                                        "PUT",
                                        "HTTP_X_Y",
                                        "z",
                                        "CONTENT_TYPE",
                                        "t"),
                                new ByteArrayInputStream("body".getBytes(UTF_8)),
                                watches::add),
                        response);
        response.finish();
    }

    private static ResponseHeader ok(HeaderField... fields) {
        return new ResponseHeader(200, "OK", List.of(fields));
    }

    @Test
    void aResponseIsABlockOfLinesAndItsBody() throws IOException {
        handle((request, answer) -> {
            String asked =
                    request.method()
                            + request.header("x-y").orElse("")
                            + request.header("Content-Type").orElse("")
                            + request.header("Referer").orElse("-")
                            + new String(request.body().readAllBytes(), UTF_8);
            answer.start(ok(new HeaderField("A", "b"), HeaderField.ofText("A", "\u00e4")))
                    .write(asked.getBytes(UTF_8));
            assertThat(answer.isStarted()).isTrue();
        });
        assertArrayEquals(
                Bytes.join(
                        Bytes.record(
                                6,
                                1,
                                Bytes.text(
                                        "Status: 200 OK\r\nA: b\r\nA: \u00c3\u00a4\r\n\r\nPUTzt-body")),
                        Bytes.record(6, 1),
                        Bytes.end(1, 0, 0)),
                channel.written());
    }

    @Test
    void aHandlerThatDoesNotAnswerHasFailed() {
        assertThatThrownBy(() -> handle((_, _) -> {})).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() ->
                        handle((_, answer) -> {
                            answer.start(ok());
                            answer.start(ok());
                        }))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aHandlerLearnsThatTheClientIsGone() throws IOException {
        handle((_, answer) -> {
            List<String> seen = new ArrayList<>();
            answer.whenGone(() -> seen.add("gone"));
            answer.start(ok());
            assertThat(answer.isGone()).isFalse();
            watches.forEach(Runnable::run);
            assertThat(seen).containsExactly("gone");
            assertThat(answer.isGone()).isTrue();
        });
    }

    @Test
    void aRequestThatCannotBeReadIsAnswered() throws IOException {
        Handler handler = (_, answer) -> HttpAnswer.text("").send(answer, true);
        new HttpAdapter(handler).refuse(RequestRefused.TOO_LARGE, "it has 501 variables", response);
        response.finish();
        assertThat(new String(channel.written(), UTF_8))
                .contains("Status: 431 Request Header Fields Too Large\r\n")
                .endsWith(
                        "cannot read the request: it has 501 variables\"}"
                                + new String(
                                        Bytes.join(Bytes.record(6, 1), Bytes.end(1, 0, 0)), UTF_8));
    }

    @Test
    void aHeaderFieldHasOneLine() {
        assertThatThrownBy(() -> new HeaderField("A", "b\r\nStatus: 500"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("b\\u000d\\u000aStatus");
    }
}
