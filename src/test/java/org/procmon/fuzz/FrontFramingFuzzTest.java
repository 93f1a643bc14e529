package org.procmon.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.http.HttpAnswer;
import org.procmon.http.Request;
import org.procmon.http.Response;

/** Streams of requests as HTTP/1.1 permits them and as it does not. */
class FrontFramingFuzzTest {
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 (\\d{3}) ");
    private static final Pattern REQUEST_LINE = Pattern.compile("[^\\r\\n]+[\\r\\n]");

    @TempDir Path folder;
    private final List<String> seen = new CopyOnWriteArrayList<>();

    private void answer(Request request, Response response) throws java.io.IOException {
        String body = new String(request.body().readAllBytes(), ISO_8859_1);
        seen.add(request.method() + " " + request.variable("REQUEST_URI") + " " + body);
        HttpAnswer.text("ok").send(response, true);
    }

    private static List<Integer> codes(byte[] answers) {
        List<Integer> codes = new ArrayList<>();
        Matcher matcher = STATUS.matcher(new String(answers, ISO_8859_1));
        while (matcher.find()) {
            codes.add(Integer.valueOf(matcher.group(1)));
        }
        return codes;
    }

    private static int lines(String text) {
        return (int) REQUEST_LINE.matcher(text).results().count();
    }

    @Test
    void eachRequestIsAnsweredOnceAndNoneIsSmuggled() throws Exception {
        try (FuzzedFront server =
                new FuzzedFront(
                        "{'routes': [{'control': true}]}",
                        folder.resolve("http.json"),
                        this::answer)) {
            FuzzRun.run(random -> {
                HttpStream stream = new HttpStream(random);
                seen.clear();
                List<Integer> codes = codes(server.exchange(stream.sent().getBytes(ISO_8859_1)));
                assertThat(seen).isEqualTo(stream.good());
                if (stream.isBroken()) {
                    // The rest may be lost, since it closes with bytes unread.
                    assertThat(codes).hasSizeLessThanOrEqualTo(stream.good().size() + 1);
                    assertThat(codes.stream().filter(code -> code != 200).toList())
                            .hasSizeLessThanOrEqualTo(1)
                            .isSubsetOf(400, 501);
                } else {
                    assertThat(codes).hasSameSizeAs(stream.good()).containsOnly(200);
                }
                seen.clear();
                String mutated = stream.mutated();
                assertThat(codes(server.exchange(mutated.getBytes(ISO_8859_1))))
                        .hasSizeLessThanOrEqualTo(lines(mutated) + 1);
            });
            assertThat(server.bugs()).isEmpty();
        }
    }
}
