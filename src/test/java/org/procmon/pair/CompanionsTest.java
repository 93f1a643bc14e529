package org.procmon.pair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.cli.RunOptions;
import org.procmon.config.ControlSpec;
import org.procmon.config.MonitorSpec;
import org.procmon.control.FakeSupervisor;
import org.procmon.output.OutputCapture;
import org.procmon.posix.Descriptor;
import org.procmon.posix.socket.TestListeners;
import org.procmon.reload.plan.ChangePlan;
import org.procmon.supervise.feature.FeatureStart;
import org.procmon.supervise.port.Command;

/** The fifo holder and the listeners of pools, in a monitor without a backup. */
@Timeout(120)
class CompanionsTest {
    private static final MonitorSpec SPEC = new MonitorSpec(ControlSpec.DEFAULT, List.of());
    private static final ChangePlan LIVE = new ChangePlan(List.of(), 0);

    @TempDir Path folder = Path.of("");

    private final FakeSupervisor supervisor = new FakeSupervisor();
    private final ListenerStore listeners = new ListenerStore();
    private Descriptor socket = new Descriptor(-1);

    @BeforeEach
    void listen() {
        socket = TestListeners.at(folder.resolve("s"));
    }

    @AfterEach
    void close() {
        socket.close();
    }

    private Companions companions() {
        RunOptions options = RunOptions.of(Optional.empty(), false, RunOptions.Role.ALONE);
        MonitorContext context =
                new MonitorContext(
                        folder.resolve("f"), folder.resolve("state"), 0, options, Map.of());
        Companions companions =
                new Companions(
                        context,
                        listeners,
                        SPEC,
                        new OutputCapture(folder.resolve("fifo"), folder),
                        _ -> false);
        companions.start(new FeatureStart(SPEC, supervisor, false));
        return companions;
    }

    /** What a fifo holder that starts now gets. */
    private static List<Descriptor> heldNow(Companions companions) {
        return companions.outfits().entrySet().stream()
                .filter(entry -> Companions.isKeeper(entry.getKey()))
                .findFirst()
                .orElseThrow()
                .getValue()
                .held()
                .get();
    }

    private long replacements() {
        return supervisor.commands.stream()
                .filter(Command.StartCompanion.class::isInstance)
                .count();
    }

    private void awaitReplacement() {
        await().atMost(Duration.ofSeconds(60)).until(() -> replacements() == 1);
    }

    @Test
    void aFifoHolderThatHasAllListenersStays() {
        listeners.add("a", socket);
        Companions companions = companions();
        assertThat(heldNow(companions)).contains(socket);

        companions.follow(SPEC, LIVE);

        assertThat(replacements()).isZero();
    }

    @Test
    void aNewListenerReplacesTheFifoHolder() {
        Companions companions = companions();
        assertThat(heldNow(companions)).doesNotContain(socket);

        listeners.add("a", socket);

        awaitReplacement();
    }

    /** Otherwise its port would still take clients, which no worker serves. */
    @Test
    void aListenerThatIsClosedReplacesTheFifoHolder() {
        listeners.add("a", socket);
        Companions companions = companions();
        assertThat(heldNow(companions)).contains(socket);

        listeners.remove("a");

        awaitReplacement();
    }
}
