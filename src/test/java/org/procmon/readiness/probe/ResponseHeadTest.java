package org.procmon.readiness.probe;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.procmon.readiness.probe.ResponseHead.Result;

/** What counts of an HTTP answer, in whatever pieces it comes. */
class ResponseHeadTest {
    /** At once, and byte by byte; the end comes only if more is needed. */
    private static Result read(String text) {
        byte[] bytes = text.getBytes(US_ASCII);
        ResponseHead whole = new ResponseHead();
        Result result = whole.take(bytes, bytes.length);
        result = result instanceof Result.Part ? whole.end() : result;
        ResponseHead slow = new ResponseHead();
        Result last = new Result.Part();
        for (int i = 0; i < bytes.length && last instanceof Result.Part; i++) {
            last = slow.take(new byte[] {bytes[i]}, 1);
        }
        last = last instanceof Result.Part ? slow.end() : last;
        assertThat(last).isEqualTo(result);
        return result;
    }

    private static Result.Whole status(int status) {
        return new Result.Whole(status, Optional.empty());
    }

    @Test
    void interimAnswersAreSkipped() {
        String interim = "HTTP/1.1 100 Continue\r\n\r\n";
        String hints = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n";
        assertThat(read(interim + hints + "HTTP/1.1 204 No Content\r\n")).isEqualTo(status(204));
        assertThat(read("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 500 No\r\n"))
                .isEqualTo(status(500));
        assertThat(read("HTTP/1.1 102 Processing\r\n\r\n")).isEqualTo(new Result.Foreign(false));
        assertThat(read("HTTP/1.1 101 Switching Protocols\r\n")).isEqualTo(status(101));
    }

    @Test
    void aStatusIsEnoughUnlessItLeadsElsewhere() {
        ResponseHead head = new ResponseHead();
        byte[] line = "HTTP/1.1 200 OK\r\nContent-".getBytes(US_ASCII);
        assertThat(head.take(line, line.length)).isEqualTo(status(200));
        ResponseHead other = new ResponseHead();
        byte[] moved = "HTTP/1.1 302 Found\r\nContent-".getBytes(US_ASCII);
        assertThat(other.take(moved, moved.length)).isEqualTo(new Result.Part());
        assertThat(read("HTTP/1.1 302 Found\r\nX: y\r\nLOCATION:  /up \r\n\r\nLocation: /no"))
                .isEqualTo(new Result.Whole(302, Optional.of("/up")));
        assertThat(read("HTTP/1.1 308 Gone\n\n")).isEqualTo(status(308));
        assertThat(read("HTTP/1.1 304 Same\r\nLocation: /x\r\n\r\n")).isEqualTo(status(304));
    }

    @Test
    void anythingElseIsNoAnswer() {
        for (String text :
                new String[] {
                    "SSH-2.0-OpenSSH\r\n",
                    "HTTP/2 200\r\n",
                    "HTTP/1.1 2000 OK\r\n",
                    "HTTP/1.1 099 X\r\n",
                    "HTTP/1.1  200\r\n",
                    "HTTP/1.1 20",
                    "\r\n\r\n"
                }) {
            assertThat(read(text)).as(text).isEqualTo(new Result.Foreign(false));
        }
        assertThat(read("")).isEqualTo(new Result.Foreign(true));
        ResponseHead endless = new ResponseHead();
        byte[] bytes = "x".repeat(10_000).getBytes(US_ASCII);
        assertThat(endless.take(bytes, bytes.length)).isEqualTo(new Result.Foreign(false));
    }

    @ParameterizedTest
    @CsvSource({
        "http://h/a/b, c, http://h/a/c",
        "http://h/a, /up?x=1, http://h/up?x=1",
        "http://h/a, http://H:80/up, http://H:80/up",
        "http://h:81/a, //h:81/up, http://h:81/up",
        "https://h/, https://h:443/x, https://h:443/x",
        "http://h/a, https://h/up, ''",
        "http://h/a, http://other/up, ''",
        "http://h/a, http://h:81/up, ''",
        "http://h/a, http://u@h/up, ''",
        "http://h/a, mailto:a@b, ''",
        "http://h/a, 'http://h/ /', ''"
    })
    void onlyWhatStaysWithTheServerIsFollowed(String from, String location, String to) {
        HttpProbeRequest request = new HttpProbeRequest(URI.create(from));
        HttpProbeRequest.Next next = request.judge(new Result.Whole(307, Optional.of(location)));
        assertThat(next)
                .isEqualTo(
                        to.isEmpty()
                                ? new HttpProbeRequest.Next.Judged(ProbeResult.WELL)
                                : new HttpProbeRequest.Next.Redirected(
                                        new HttpProbeRequest(URI.create(to), 1)));
    }

    @Test
    void reportsEndlessRedirects() {
        HttpProbeRequest request = new HttpProbeRequest(URI.create("http://h/a"));
        Result.Whole again = new Result.Whole(302, Optional.of("/a"));
        while (request.judge(again) instanceof HttpProbeRequest.Next.Redirected redirected) {
            request = redirected.request();
        }
        assertThat(request.redirects()).isEqualTo(5);
        assertThat(request.judge(again))
                .isEqualTo(
                        new HttpProbeRequest.Next.Judged(
                                new ProbeResult.Bad(
                                        "http://h/a is a redirect, and so were 5 before")));
    }
}
