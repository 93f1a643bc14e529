package org.procmon.pair;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.procmon.cli.RunOptions;
import org.procmon.config.ProcessSpec;
import org.procmon.config.SpecResult;
import org.procmon.config.reader.SpecReader;

class InstanceOverridesTest {
    private static final RunOptions OPTIONS =
            RunOptions.of(Optional.empty(), false, RunOptions.Role.ALONE);
    private static final MonitorContext SITE =
            new MonitorContext(Path.of("/f"), Path.of("/s"), 0, OPTIONS, Map.of());

    @Test
    void anOverrideHoldsWhileTheFileIsUnchanged() {
        assertThat(after("{'id': 'web', 'exec': 'y', 'instances': 2}"))
                .containsExactly("web.1", "web.2", "web.3", "web.4");
    }

    @Test
    void anotherNumberInTheFileReplacesIt() {
        assertThat(after("{'id': 'web', 'exec': 'x', 'instances': 3}"))
                .containsExactly("web.1", "web.2", "web.3");
    }

    @Test
    void anEntryOfWhichThereIsOnlyOneHasNoNumber() {
        assertThat(after("{'id': 'web', 'exec': 'x'}")).containsExactly("web");
        assertThat(after("{'id': 'other', 'exec': 'x', 'instances': 2}"))
                .containsExactly("other.1", "other.2");
    }

    @Test
    void aNumberForWhichThereIsNoRoomIsAProblem() {
        SpecResult.Valid next =
                read("{'id': 'web', 'exec': 'x', 'instances': 2}, {'id': 'web.4', 'exec': 'x'}");
        assertThat(over(next)).isInstanceOf(SpecResult.Invalid.class);
    }

    @Test
    void aNumberOfWorkersHoldsWhileThatOfTheFileIsUnchanged() {
        SpecResult.Valid before = pool("'workers': 2");
        assertThat(workers(before, pool("'workers': 2, 'cwd': '/'"))).isEqualTo(4);
        assertThat(workers(before, pool("'workers': 3"))).isEqualTo(3);
        SpecResult.Valid instances = read("{'id': 'web', 'exec': 'x', 'instances': 2}");
        assertThat(workers(instances, pool("'workers': 2"))).isEqualTo(2);
    }

    private static int workers(SpecResult.Valid before, SpecResult.Valid files) {
        SpecResult next = InstanceOverrides.over(before.bundle().scaled("web", 4), files, SITE);
        return ((SpecResult.Valid) next).spec().pools().getFirst().workers().max();
    }

    private static SpecResult.Valid pool(String keys) {
        return file("{'pools': [{'id': 'web', 'exec': 'x', 'listen': '@x', " + keys + "}]}");
    }

    private static List<String> after(String processes) {
        SpecResult.Valid next = (SpecResult.Valid) over(read(processes));
        return next.spec().processes().stream().map(ProcessSpec::id).toList();
    }

    private static SpecResult over(SpecResult.Valid files) {
        SpecResult.Valid before = read("{'id': 'web', 'exec': 'x', 'instances': 2}");
        return InstanceOverrides.over(before.bundle().scaled("web", 4), files, SITE);
    }

    private static SpecResult.Valid read(String processes) {
        return file("{'processes': [" + processes + "]}");
    }

    private static SpecResult.Valid file(String text) {
        byte[] bytes = text.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        return (SpecResult.Valid) SpecReader.read(SITE.file(), bytes, Map.of());
    }
}
