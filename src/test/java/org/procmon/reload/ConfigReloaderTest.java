package org.procmon.reload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.procmon.config.ConfigBundle;
import org.procmon.config.ControlSpec;
import org.procmon.config.Document;
import org.procmon.config.FollowedFolder;
import org.procmon.config.MonitorSpec;
import org.procmon.config.Problem;
import org.procmon.config.SpecBuilder;
import org.procmon.config.SpecResult;
import org.procmon.control.FakeSupervisor;
import org.procmon.events.EventLog;
import org.procmon.events.MonitorEvent;
import org.procmon.lifecycle.Ticks;
import org.procmon.reload.plan.ChangePlan;
import org.procmon.supervise.feature.Change;
import org.procmon.supervise.feature.Feature;
import org.procmon.supervise.port.Command;
import org.procmon.supervise.port.Reloader.Outcome;
import org.procmon.supervise.port.Reply;

@Timeout(60)
class ConfigReloaderTest {
    private static final MonitorSpec BEFORE = spec("web");
    private static final MonitorSpec AFTER = spec("web", "site");
    private static final ChangePlan ONE_MORE =
            new ChangePlan(
                    List.of(new ChangePlan.Change("site", ChangePlan.Action.START, List.of())), 1);

    private final ConfigSource source = mock(ConfigSource.class);
    private final FakeSupervisor supervisor = new FakeSupervisor();
    private final EventLog events = new EventLog(() -> new Ticks(0), InstantSource.system());
    private final BlockingQueue<MonitorSpec> followed = new LinkedBlockingQueue<>();
    private final ConfigReloader reloader =
            new ConfigReloader(
                    source,
                    supervisor,
                    new Feature() {
                        @Override
                        public void on(Change change) {}

                        @Override
                        public void follow(MonitorSpec spec, ChangePlan plan) {
                            followed.add(spec);
                        }
                    },
                    List::of,
                    events,
                    ReloadListener.NONE,
                    BEFORE,
                    (_, bug) -> {
                        throw new AssertionError(bug);
                    });

    private static MonitorSpec spec(String... names) {
        return new MonitorSpec(
                ControlSpec.DEFAULT,
                List.of(names).stream().map(name -> SpecBuilder.process(name).build()).toList());
    }

    private void read(MonitorSpec spec) throws IOException {
        Document file = new Document("f", "", "", "{}".getBytes(StandardCharsets.UTF_8));
        when(source.followed())
                .thenReturn(new SpecResult.Valid(spec, new ConfigBundle(List.of(file), Map.of())));
    }

    private Outcome follow() throws Exception {
        return reloader.follow().get(20, TimeUnit.SECONDS);
    }

    @Test
    void aFollowAppliesChangesAndRecordsThem() throws Exception {
        read(AFTER);
        supervisor.answer(new Reply.Planned(ONE_MORE));
        assertThat(follow()).isEqualTo(new Outcome.Planned(ONE_MORE, List.of(), List.of()));
        assertThat(supervisor.commands.remove())
                .isInstanceOfSatisfying(
                        Command.Reload.class,
                        reload -> assertThat(reload.bringsBackDeleted()).isFalse());
        assertThat(followed).containsExactly(AFTER);
        assertThat(events.after(0, 10).events())
                .singleElement()
                .extracting(event -> event.what())
                .isEqualTo(
                        new MonitorEvent.OfMonitor("procmon1", "followed", "start 1, unchanged 1"));
    }

    @Test
    void aFollowWithoutAChangeDoesNothing() throws Exception {
        read(BEFORE);
        assertThat(follow())
                .isEqualTo(new Outcome.Planned(new ChangePlan(List.of(), 1), List.of(), List.of()));
        assertThat(supervisor.commands).isEmpty();
        assertThat(followed).isEmpty();
        assertThat(events.after(0, 10).events()).isEmpty();
    }

    @Test
    void aFollowOfWhatIsNoProcessIsNoEvent() throws Exception {
        MonitorSpec other =
                new MonitorSpec(
                        BEFORE.control(),
                        BEFORE.outputFolder(),
                        BEFORE.orphans(),
                        BEFORE.startBudget(),
                        BEFORE.decisions(),
                        BEFORE.processes(),
                        BEFORE.scalable(),
                        BEFORE.pools(),
                        List.of(new FollowedFolder(Path.of("/conf.d"), "*.conf")),
                        List.of(),
                        Optional.empty());
        read(other);
        supervisor.answer(new Reply.Planned(new ChangePlan(List.of(), 1)));
        assertThat(follow()).isInstanceOf(Outcome.Planned.class);
        assertThat(followed).containsExactly(other);
        assertThat(events.after(0, 10).events()).isEmpty();
    }

    @Test
    void problemsChangeNothing() throws Exception {
        Problem problem = new Problem("f", 1, 2, "it is wrong");
        when(source.followed()).thenReturn(new SpecResult.Invalid(List.of(problem)));
        assertThat(follow()).isEqualTo(new Outcome.Invalid(List.of(problem.toString())));
        when(source.followed()).thenThrow(new IOException("no record"));
        assertThat(follow())
                .isEqualTo(new Outcome.Failed("", "cannot read the configuration: no record"));
        assertThat(supervisor.commands).isEmpty();
        assertThat(followed).isEmpty();
    }
}
