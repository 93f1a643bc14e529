package org.procmon.config.reader;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.procmon.config.Exec;
import org.procmon.config.Hook;
import org.procmon.config.Hooks;
import org.procmon.config.MonitorSpec;
import org.procmon.config.SpecResult;

class HooksReaderTest {
    @Test
    void aHookIsACommandOrAnObjectWithOne() throws IOException {
        MonitorSpec spec =
                ((SpecResult.Valid) Fixtures.read(Fixtures.GOOD.resolve("hooks.json"))).spec();
        Duration usual = Duration.ofSeconds(10);
        assertThat(spec.processes())
                .extracting(process -> process.hooks().onFailure())
                .containsExactly(
                        hook("notify 'on call' a", usual, "notify", "on call", "a"),
                        hook("notify b", usual, "notify", "b"),
                        hook("notify", Duration.ofMinutes(1), "notify"),
                        hook("notify", usual, "notify"),
                        Optional.empty(),
                        Optional.empty());
        assertThat(spec.processes().get(4).hooks())
                .isEqualTo(
                        new Hooks(
                                hook("mkdir -p x", usual, "mkdir", "-p", "x"),
                                hook("rm x", Duration.ofSeconds(2), "rm", "x"),
                                Optional.empty()));
        assertThat(spec.processes().getLast().hooks()).isSameAs(Hooks.DEFAULT);
    }

    private static Optional<Hook> hook(String text, Duration timeout, String... argv) {
        return Optional.of(new Hook(new Exec(text, List.of(argv)), timeout));
    }
}
