package org.procmon.supervise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.config.SpecBuilder.process;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.procmon.config.ControlSpec;
import org.procmon.config.Dependency.Condition;
import org.procmon.config.MonitorSpec;
import org.procmon.config.RestartPolicy;
import org.procmon.config.SpecBuilder;
import org.procmon.lifecycle.ExitStatus;
import org.procmon.lifecycle.Phase;
import org.procmon.lifecycle.ResourceUsage;
import org.procmon.supervise.port.Command;
import org.procmon.supervise.port.HookRunner;
import org.procmon.supervise.port.InitialState;
import org.procmon.supervise.port.Reply;

/** What cannot be started is refused at once, and nothing is stopped for it. */
class StartCheckTest {
    private static final RestartPolicy NEVER = RestartPolicy.NEVER;

    private final FakeKernel kernel = new FakeKernel(new Random(7), 0);
    private ProcessSet processSet = begin();

    @Test
    void aRestartIsRefusedWhenADependencyWasDeleted() {
        processSet = begin(process("db"), process("web").on("db"));
        delete("db");
        for (Command command :
                List.of(
                        new Command.Restart(List.of("web")),
                        new Command.Roll(List.of("web")),
                        new Command.Refresh(List.of("web")))) {
            assertThat(reply(command))
                    .isEqualTo(
                            new Reply.Failed(
                                    "web",
                                    "it depends on 'db', which was deleted; add it again with"
                                            + " 'procmon reload', then restart"));
        }
        assertUntouched("web");
    }

    @Test
    void allThatCannotBeStartedAreNamed() {
        processSet =
                begin(
                        process("db"),
                        process("mq"),
                        process("w1").on("db"),
                        process("w2").on("db"),
                        process("w3").on("mq"),
                        process("other"));
        delete("db");
        delete("mq");
        String remedy = ", which was deleted; add it again with 'procmon reload', then restart";
        assertThat(reply(new Command.Restart(List.of("all"))))
                .isEqualTo(
                        new Reply.Failed(
                                "w1",
                                "w1, w2: it depends on 'db'"
                                        + remedy
                                        + "; w3: it depends on 'mq'"
                                        + remedy));
        assertUntouched("other");
    }

    @Test
    void aRestartIsRefusedWhileADependencyIsBeingDeleted() {
        processSet = begin(process("db"), process("web").on("db"));
        CompletableFuture<Reply> _ = command(new Command.Delete(List.of("db"), true));
        assertRefused("web", "it depends on 'db', which is being deleted; add it again");
    }

    @Test
    void aRestartIsRefusedWhenAnOperatorHasStoppedADependency() {
        processSet = begin(process("db"), process("web").on("db"));
        stop("db");
        assertRefused(
                "web",
                "it depends on 'db', which is down: stopped by a command; start it with 'procmon"
                        + " start db', then restart");
        assertThat(reply(new Command.Roll(List.of("web")))).isInstanceOf(Reply.Failed.class);
        assertUntouched("web");
    }

    @Test
    void aRestartIsRefusedWhenADependencyHasFailedForGood() {
        processSet =
                begin(
                        process("db").giveUp(1, Duration.ofMinutes(1), Optional.empty()),
                        process("web").on("db"));
        end("db", 1);
        end("db", 1);
        assertThat(phase("db")).isEqualTo(Phase.FAILED);
        assertRefused("web", "it depends on 'db', which has failed: given up after 1 restart");
    }

    @Test
    void aRestartIsRefusedWhenAJobThatMustCompleteHasNot() {
        processSet =
                begin(process("job").restart(NEVER), process("web").on("job", Condition.COMPLETED));
        end("job", 0);
        assertThat(phase("web")).isEqualTo(Phase.RUNNING);
        CompletableFuture<Reply> _ = command(new Command.Start(List.of("job")));
        end("job", 1);
        assertRefused("web", "it depends on 'job', which has failed: exited with code 1");
    }

    @Test
    void aRestartIsRefusedWhenADependencyWaitsForOneThatIsGone() {
        processSet = begin(process("db"), process("app").on("db"), process("web").on("app"));
        delete("db");
        end("app", 1);
        assertThat(phase("app")).isEqualTo(Phase.WAITING);
        assertRefused("web", "it depends on 'app', which depends on 'db', which was deleted");
    }

    @Test
    void aRestartIsRefusedWhenTheProgramCannotBeStarted() {
        processSet = begin(process("web"), process("other"));
        kernel.refusals.put("web", "cannot execute 'web': No such file or directory");
        assertRefused("web", "cannot execute 'web': No such file or directory");
        assertThat(reply(new Command.Restart(List.of("all"))))
                .isEqualTo(
                        new Reply.Failed("web", "cannot execute 'web': No such file or directory"));
        assertUntouched("other");
    }

    @Test
    void aRollingRestartLooksAgainBeforeEachOfThem() {
        processSet = begin(process("a"), process("b"));
        CompletableFuture<Reply> roll = command(new Command.Roll(List.of("a", "b")));
        assertThat(phase("a")).isEqualTo(Phase.STOPPING);
        kernel.refusals.put("b", "cannot execute 'b': No such file or directory");
        end("a", 0);
        assertThat(roll.join())
                .isEqualTo(
                        new Reply.Failed(
                                "b",
                                "cannot execute 'b': No such file or directory, so 1 of 2 were"
                                        + " not restarted"));
        assertUntouched("b");
    }

    @Test
    void restartsWhenAMissingFileMayStillAppear() {
        processSet =
                begin(
                        process("db").settle(Duration.ofMinutes(1)),
                        process("web").on("db"),
                        process("skipped").skip(true),
                        process("free").on("skipped"));
        assertThat(phase("db")).isEqualTo(Phase.STARTING);
        assertThat(command(new Command.Restart(List.of("web")))).isNotDone();
        assertThat(command(new Command.Restart(List.of("free")))).isNotDone();
        assertThat(phase("free")).isEqualTo(Phase.STOPPING);
    }

    @Test
    void aRestartOfBothStartsTheDependencyThatIsDown() {
        processSet = begin(process("db"), process("web").on("db"));
        stop("db");
        CompletableFuture<Reply> both = command(new Command.Restart(List.of("db", "web")));
        end("web", 0);
        assertThat(both.join()).isInstanceOf(Reply.Done.class);
    }

    @Test
    void aStartIsRefusedOnlyWhenADependencyIsGone() {
        processSet = begin(process("db"), process("app").on("db"), process("web").on("app"));
        stop("web");
        stop("app");
        stop("db");
        CompletableFuture<Reply> waits = command(new Command.Start(List.of("app", "web")));
        assertThat(waits).as("an operator may start db yet").isNotDone();
        delete("db");
        assertThat(reply(new Command.Start(List.of("app"))))
                .isEqualTo(
                        new Reply.Failed(
                                "app",
                                "it depends on 'db', which was deleted; add it again with 'procmon"
                                        + " reload', then start"));
        assertThat(reply(new Command.Start(List.of("web"))))
                .isEqualTo(
                        new Reply.Failed(
                                "web",
                                "it depends on 'app', which depends on 'db', which was deleted; add"
                                        + " it again with 'procmon reload', then start"));
    }

    @Test
    void startOfARunningProcessSucceedsWithoutItsDependencies() {
        processSet = begin(process("db"), process("web").on("db"));
        delete("db");
        assertThat(reply(new Command.Start(List.of("web")))).isInstanceOf(Reply.Done.class);
    }

    @Test
    void deletesADependencyOnlyWithDependentsOrByForce() {
        processSet = begin(process("db"), process("web").on("db"), process("job").on("db"));
        assertThat(reply(new Command.Delete(List.of("db"), false)))
                .isEqualTo(new Reply.HasDependents("db", "web, job depend on it"));
        assertThat(reply(new Command.Delete(List.of("db", "web"), false)))
                .isEqualTo(new Reply.HasDependents("db", "job depends on it"));
        assertUntouched("db");
        assertUntouched("web");
        CompletableFuture<Reply> all = command(new Command.Delete(List.of("*"), false));
        end("web", 0);
        end("job", 0);
        end("db", 0);
        assertThat(all.join()).isInstanceOf(Reply.Done.class);
        assertThat(processSet.views()).isEmpty();
    }

    @Test
    void ofManyDependentsOnlySomeAreNamed() {
        processSet =
                begin(
                        Stream.concat(
                                        Stream.of(process("db")),
                                        Stream.iterate(0, i -> i < 12, i -> i + 1)
                                                .map(i -> process("w" + i).on("db").skip(true)))
                                .toArray(SpecBuilder[]::new));
        assertThat(reply(new Command.Delete(List.of("db"), false)))
                .isEqualTo(
                        new Reply.HasDependents(
                                "db",
                                "w0, w1, w2, w3, w4, w5, w6, w7, w8, w9 and 2 more depend on it"));
    }

    private void assertRefused(String name, String start) {
        assertThat(reply(new Command.Restart(List.of(name))))
                .isInstanceOfSatisfying(
                        Reply.Failed.class,
                        failed -> {
                            assertThat(failed.name()).isEqualTo(name);
                            assertThat(failed.reason()).startsWith(start);
                        });
        assertUntouched(name);
    }

    private void assertUntouched(String name) {
        assertThat(phase(name)).isEqualTo(Phase.RUNNING);
        assertThat(kernel.trace).noneMatch(line -> line.startsWith("signal TERM to " + name));
    }

    private void stop(String name) {
        CompletableFuture<Reply> _ = command(new Command.Stop(List.of(name)));
        end(name, 0);
        assertThat(phase(name)).isEqualTo(Phase.STOPPED);
    }

    private void delete(String name) {
        CompletableFuture<Reply> deleted = command(new Command.Delete(List.of(name), true));
        end(name, 0);
        assertThat(deleted.join()).isInstanceOf(Reply.Done.class);
    }

    private Reply reply(Command command) {
        CompletableFuture<Reply> reply = command(command);
        assertThat(reply).as("%s", command).isDone();
        return reply.join();
    }

    private CompletableFuture<Reply> command(Command command) {
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        processSet.command(command, reply);
        processSet.sendReplies();
        return reply;
    }

    private Phase phase(String name) {
        return processSet.views().stream()
                .filter(view -> view.name().equals(name))
                .findFirst()
                .orElseThrow()
                .process()
                .state()
                .phase();
    }

    private void end(String name, int code) {
        for (FakeKernel.Group group : List.copyOf(kernel.groups)) {
            if (group.spec.id().equals(name) && !group.exitTold) {
                group.leaderAlive = false;
                group.others = 0;
                group.exitTold = true;
                ExitStatus status = new ExitStatus.Exited(code);
                processSet.leaderExited(name, group.number, status, ResourceUsage.NONE);
            }
        }
        processSet.sendReplies();
    }

    private ProcessSet begin(SpecBuilder... processes) {
        ProcessSet fresh =
                new ProcessSet(
                        InitialState.of(
                                new MonitorSpec(
                                        ControlSpec.DEFAULT,
                                        Arrays.stream(processes).map(SpecBuilder::build).toList())),
                        kernel,
                        HookRunner.NONE,
                        kernel,
                        _ -> {},
                        new FakeJournal());
        fresh.takeOver();
        fresh.begin();
        return fresh;
    }
}
