package org.procmon.readiness;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.procmon.lifecycle.ExitStatus;
import org.procmon.lifecycle.StartError;
import org.procmon.posix.Errno;
import org.procmon.spec.DurationText;
import org.procmon.spec.Exec;
import org.procmon.spec.Probe;
import org.procmon.spec.ProcessSpec;
import org.procmon.supervise.Errand;
import org.procmon.supervise.Errands;

/**
 * Has the questions of probes asked: those over sockets by the prober, which is there from the
 * first of them on, those of programs on virtual threads. Loop thread only; returns at once.
 */
final class Questions {
    private final Errands errands;
    private final Thread.UncaughtExceptionHandler bugs;
    private @Nullable Prober prober;
    private @Nullable Tls tls;

    /**
     * @param bugs hears of the end of a thread that asks, which is a bug
     */
    Questions(Errands errands, Thread.UncaughtExceptionHandler bugs) {
        this.errands = errands;
        this.bugs = bugs;
    }

    /**
     * Begins to ask.
     *
     * @param limit how long an answer may take
     * @return ends it soon, and the question that is being asked; returns at once
     */
    Runnable ask(ProcessSpec spec, Probe probe, Duration limit, Course course) {
        return switch (probe) {
            case Probe.Tcp tcp -> prober().ask(Call.of(tcp), limit, course);
            case Probe.Unix unix -> prober().ask(Call.of(unix), limit, course);
            case Probe.Http http when http.isEncrypted() ->
                    ask(new TlsQuestion(http, limit, tls()), limit, course);
            case Probe.Http http -> prober().ask(Call.of(http), limit, course);
            case Probe.Run run -> ask(program(spec, run.exec(), limit), limit, course);
        };
    }

    private Runnable ask(Question question, Duration limit, Course course) {
        return Vigil.begin(new Asker(question, limit, course, bugs), bugs)::end;
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

    /** Whether a program of the process's ends well. */
    Question program(ProcessSpec spec, Exec exec, Duration limit) {
        return () -> outcome(new Errand(spec, exec, limit));
    }

    private Verdict outcome(Errand errand) {
        CompletableFuture<Errand.Outcome> outcome = errands.run(errand);
        String program = "'" + errand.exec().text() + "'";
        try {
            return switch (outcome.get()) {
                case Errand.Outcome.Ended(ExitStatus status) ->
                        status.equals(new ExitStatus.Exited(0))
                                ? Verdict.WELL
                                : new Verdict.Bad(program + " " + status.inWords());
                case Errand.Outcome.TimedOut _ ->
                        new Verdict.Bad(
                                program
                                        + " did not end within "
                                        + DurationText.inWords(errand.limit()));
                case Errand.Outcome.NotStarted not -> notStarted(not.error());
            };
        } catch (InterruptedException _) {
            outcome.cancel(true);
            return new Verdict.Bad(program + " was interrupted");
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot run " + program, e.getCause());
        }
    }

    private static Verdict notStarted(StartError error) {
        return new Errno(error.errno()).isShortage()
                ? new Verdict.NotAsked(error.reason())
                : new Verdict.Bad(error.reason());
    }
}
