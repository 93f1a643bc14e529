package org.procmon.readiness.probe;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.procmon.config.DurationText;
import org.procmon.config.Exec;
import org.procmon.config.Probe;
import org.procmon.config.ProcessSpec;
import org.procmon.lifecycle.ExitStatus;
import org.procmon.lifecycle.StartError;
import org.procmon.posix.Errno;
import org.procmon.supervise.port.HelperCommand;
import org.procmon.supervise.port.HelperCommands;

/**
 * Starts probes: those over sockets on the prober's thread, which starts with the first of them,
 * and those of programs on virtual threads. Loop thread only; returns at once.
 */
public final class ProbeScheduler {
    private final HelperCommands helperCommands;
    private final Thread.UncaughtExceptionHandler bugs;
    private @Nullable Prober prober;
    private @Nullable Tls tls;

    /**
     * @param bugs is called if a probing thread dies, which is a bug
     */
    public ProbeScheduler(HelperCommands helperCommands, Thread.UncaughtExceptionHandler bugs) {
        this.helperCommands = helperCommands;
        this.bugs = bugs;
    }

    /**
     * Starts to probe.
     *
     * @param limit the timeout of each answer
     * @return stops this soon, including a probe under way; returns at once
     */
    public Runnable ask(ProcessSpec spec, Probe probe, Duration limit, ProbePolicy probePolicy) {
        return switch (probe) {
            case Probe.Tcp tcp -> prober().ask(ProbeRequest.of(tcp), limit, probePolicy);
            case Probe.Unix unix -> prober().ask(ProbeRequest.of(unix), limit, probePolicy);
            case Probe.Http http when http.isEncrypted() ->
                    ask(new TlsProbe(http, limit, tls()), limit, probePolicy);
            case Probe.Http http -> prober().ask(ProbeRequest.of(http), limit, probePolicy);
            case Probe.Run run -> ask(program(spec, run.exec(), limit), limit, probePolicy);
        };
    }

    private Runnable ask(ProbeTarget probeTarget, Duration limit, ProbePolicy probePolicy) {
        return BackgroundCheck.begin(new CommandProbe(probeTarget, limit, probePolicy, bugs), bugs)
                ::end;
    }

    private Tls tls() {
        Tls made = tls;
        if (made == null) {
            made = new Tls();
            tls = made;
        }
        return made;
    }

    private Prober prober() {
        Prober asks = prober;
        if (asks == null) {
            asks = new Prober(bugs);
            prober = asks;
        }
        return asks;
    }

    /** A probe that is good if a program succeeds. */
    ProbeTarget program(ProcessSpec spec, Exec exec, Duration limit) {
        return () -> outcome(new HelperCommand(spec, exec, limit));
    }

    private ProbeResult outcome(HelperCommand helperCommand) {
        CompletableFuture<HelperCommand.Outcome> outcome = helperCommands.run(helperCommand);
        String program = "'" + helperCommand.exec().text() + "'";
        try {
            return switch (outcome.get()) {
                case HelperCommand.Outcome.Ended(ExitStatus status) ->
                        status.equals(new ExitStatus.Exited(0))
                                ? ProbeResult.WELL
                                : new ProbeResult.Bad(program + " " + status.inWords());
                case HelperCommand.Outcome.TimedOut _ ->
                        new ProbeResult.Bad(
                                program
                                        + " did not end within "
                                        + DurationText.inWords(helperCommand.limit()));
                case HelperCommand.Outcome.NotStarted not -> notStarted(not.error());
            };
        } catch (InterruptedException _) {
            outcome.cancel(true);
            return new ProbeResult.Bad(program + " was interrupted");
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot run " + program, e.getCause());
        }
    }

    private static ProbeResult notStarted(StartError error) {
        return new Errno(error.errno()).isShortage()
                ? new ProbeResult.NotAsked(error.reason())
                : new ProbeResult.Bad(error.reason());
    }
}
