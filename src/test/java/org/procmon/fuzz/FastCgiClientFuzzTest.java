package org.procmon.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.procmon.fastcgi.CannedChannel;
import org.procmon.fastcgi.RecordedFailures;
import org.procmon.fastcgi.client.ClientConnection;
import org.procmon.fastcgi.client.ClientRequest;
import org.procmon.fastcgi.client.ClientResponse;
import org.procmon.fastcgi.client.FastCgiClient;
import org.procmon.fastcgi.client.FastCgiClientLimits;
import org.procmon.fastcgi.client.Role;
import org.procmon.fastcgi.wire.FastCgiException;

/** Answers of applications, as the protocol permits them and as it does not. */
class FastCgiClientFuzzTest {
    private static final ClientRequest REQUEST =
            ClientRequest.of(Role.RESPONDER, Map.of("A", "b")).keepingConnection();

    @Test
    void aWellFormedAnswerIsReadAsItWasWrittenAndAnyOtherHasAWordForIt() {
        RecordedFailures bugs = new RecordedFailures();
        try (FastCgiClient client = new FastCgiClient(FastCgiClientLimits.DEFAULT, bugs)) {
            FuzzRun.run(random -> {
                FastCgiAnswer answer = FastCgiAnswer.any(random);
                wellFormed(client, answer, 1 + random.nextInt(random.nextBoolean() ? 9 : 5000));
                hostile(client, FastCgiStream.mutated(answer.records(), random), random);
                assertThat(bugs.seen()).isEmpty();
            });
        }
    }

    private static void wellFormed(FastCgiClient client, FastCgiAnswer answer, int piece)
            throws IOException {
        try (ClientConnection connection =
                client.over(new CannedChannel(answer.records(), piece))) {
            ClientResponse response = connection.send(REQUEST);
            assertThat(response.header().status()).isEqualTo(answer.status());
            assertThat(response.header().fields()).hasSize(answer.fields());
            assertThat(response.body().readAllBytes()).isEqualTo(answer.body());
            assertThat(connection.takeErrors()).isEqualTo(answer.errors());
            assertThat(response.appStatus()).isEqualTo(answer.appStatus());
            assertThat(connection.isReusable()).isTrue();
        }
    }

    private static void hostile(FastCgiClient client, byte[] answer, Random random) {
        CannedChannel channel = new CannedChannel(answer, 1 + random.nextInt(5000));
        try (ClientConnection connection = client.over(channel)) {
            ClientResponse response = connection.send(REQUEST);
            assertThat(response.body().readAllBytes().length).isLessThanOrEqualTo(answer.length);
        } catch (FastCgiException e) {
            Legibility.check(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw new AssertionError("not a failure of the protocol", e);
        }
    }
}
