package org.procmon.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.procmon.control.client.InMemoryMonitor;
import org.procmon.http.CsrfGuard;
import org.procmon.http.RecordedResponse;
import org.procmon.status.fields.PoolRows;

/** The shapes of php-fpm's status page, byte for byte. */
class PoolStatusPageTest {
    private static final String TEXT =
            """
            pool:                 php
            process manager:      dynamic
            start time:           01/Jan/2026:00:00:00 +0000
            start since:          65
            accepted conn:        -
            listen queue:         4
            max listen queue:     9
            listen queue len:     511
            idle processes:       1
            active processes:     2
            total processes:      3
            max active processes: 8
            max children reached: 2
            slow requests:        -
            memory peak:          -
            """;

    private static final String WORKER =
            """

            ************************
            pid:                  4001
            state:                Running
            start time:           01/Jan/2026:00:00:01 +0000
            start since:          64
            requests:             -
            request duration:     3200000
            request method:       -
            request URI:          -
            content length:       -
            user:                 -
            script:               -
            last request cpu:     -
            last request memory:  -
            """;

    private static final String JSON =
            "{\"pool\":\"php\",\"process manager\":\"dynamic\",\"start time\":1767225600,"
                    + "\"start since\":65,\"accepted conn\":null,\"listen queue\":4,"
                    + "\"max listen queue\":9,\"listen queue len\":511,\"idle processes\":1,"
                    + "\"active processes\":2,\"total processes\":3,\"max active processes\":8,"
                    + "\"max children reached\":2,\"slow requests\":null,\"memory peak\":null";

    private static final String PROCESSES =
            ",\"processes\":[{\"pid\":4001,\"state\":\"Running\",\"start time\":1767225601,"
                    + "\"start since\":64,\"requests\":null,\"request duration\":3200000,"
                    + "\"request method\":null,\"request uri\":null,\"content length\":null,"
                    + "\"user\":null,\"script\":null,\"last request cpu\":null,"
                    + "\"last request memory\":null}]";

    private final InMemoryMonitor monitor = new InMemoryMonitor("web");
    private final ProcsHandler handler =
            new ProcsHandler(
                    monitor,
                    new CsrfGuard(Set.of(), "allow the name"),
                    "",
                    1024,
                    Duration.ofSeconds(20),
                    Duration.ofSeconds(25),
                    (_, e) -> {
                        throw new AssertionError(e);
                    });

    @BeforeEach
    void addPool() {
        monitor.pools.put("php", PoolRows.FULL_JSON);
    }

    @AfterEach
    void end() {
        handler.close();
    }

    private RecordedResponse get(String query, String... more) throws IOException {
        RecordedResponse response = new RecordedResponse();
        handler.handle(RecordedResponse.request("GET", query, "", more), response);
        return response;
    }

    @Test
    void thePageIsTextWithWhatIsNotKnownAsADash() throws IOException {
        RecordedResponse page = get("pool=php");
        assertThat(page.status()).isEqualTo("200 OK");
        assertThat(page.field("Content-Type")).isEqualTo("text/plain; charset=utf-8");
        assertThat(page.body()).isEqualTo(TEXT);
    }

    @Test
    void theFullPageHasAPartForEachWorkerThatRuns() throws IOException {
        assertThat(get("pool=php&full").body()).isEqualTo(TEXT + WORKER);
        assertThat(get("full&pool=php&json").body()).isEqualTo(JSON + PROCESSES + "}");
    }

    @Test
    void thePageIsJsonWithWhatIsNotKnownAsNull() throws IOException {
        RecordedResponse page = get("pool=php&json");
        assertThat(page.field("Content-Type")).isEqualTo("application/json; charset=utf-8");
        assertThat(page.body()).isEqualTo(JSON + "}");
        assertThat(get("pool=php", "HTTP_ACCEPT", "application/json").body()).isEqualTo(JSON + "}");
        assertThat(get("pool=php&list&json").body())
                .startsWith("[" + JSON + "},[{\"name\": \"web\"");
    }

    @Test
    void aPoolThatIsNotThereIsNotFound() throws IOException {
        RecordedResponse page = get("pool=lost");
        assertThat(page.status()).isEqualTo("404 Not Found");
        assertThat(page.body())
                .isEqualTo("{\"status\": 404, \"description\" : \"No such pool: lost\"}");
        assertThat(get("pool=web").status()).isEqualTo("404 Not Found");
        assertThat(get("pool=all").status()).isEqualTo("404 Not Found");
    }

    @Test
    void aFormWithoutAPoolIsABadQuery() throws IOException {
        assertThat(get("list&json").status()).isEqualTo("400 Bad request");
        assertThat(get("full").body()).contains("it asks for nothing");
        assertThat(get("status&full").body()).contains("'full' is for 'pool', which is missing");
        assertThat(get("pool").body()).contains("'pool' needs the name of a pool");
    }

    @Test
    void aPageOfAnotherSiteMayNotReadIt() throws IOException {
        assertThat(get("pool=php", "HTTP_ORIGIN", "http://elsewhere").status())
                .isEqualTo("403 Forbidden");
        assertThat(monitor.calls).isEmpty();
    }

    @Test
    void theStatusOfAllHasThePoolsAfterTheProcesses() throws IOException {
        assertThat(get("status").body())
                .startsWith("[{\"name\":\"web\"")
                .endsWith("}," + PoolRows.FULL_JSON + "]");
        assertThat(get("status=php").body()).isEqualTo(PoolRows.FULL_JSON);
        assertThat(get("explain=php").body()).isEqualTo("{\"pool\":" + PoolRows.FULL_JSON + "}");
        assertThat(get("list").body()).doesNotContain("php");
    }
}
