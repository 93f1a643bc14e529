package org.procmon.config.reader;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.procmon.config.Checks;
import org.procmon.config.Identity;
import org.procmon.config.InputSpec;
import org.procmon.config.OutputSpec;
import org.procmon.config.PoolSpec;
import org.procmon.config.ProcessSpec;
import org.procmon.config.Readiness;
import org.procmon.config.ReadySignal;
import org.procmon.config.RestartPolicy;
import org.procmon.config.Signal;
import org.procmon.config.StopPlan;
import org.procmon.config.pool.ListenSpec;
import org.procmon.config.pool.ListenerPass;
import org.procmon.config.pool.PoolMode;
import org.procmon.config.pool.RetirePolicy;
import org.procmon.config.pool.SocketSharing;

/** Reads one entry of {@code pools}. */
final class PoolReader {
    private static final String CLEAR_ENV = "clear_env";
    private static final String PHP_REQUESTS = "PHP_FCGI_MAX_REQUESTS";
    private static final String LISTEN_FDS = "listen_fds";
    private static final String ARGUMENT = "argument";
    private static final Keys PASS = new Keys(List.of("fd0", LISTEN_FDS, ARGUMENT), List.of());

    /** When a new worker must wait for connections, and how often this is looked at. */
    private static final Readiness ACCEPTS =
            new Readiness(
                    new ReadySignal.Accepts(), Duration.ofSeconds(30), Duration.ofMillis(250));

    private final ProcessReader processes;
    private final ListenReader listens;
    private final WorkersReader workers;
    private final PoolLimitsReader limits;
    private final WorkerEnvReader env;
    private final OwnSocketReader ownSockets;
    private final Problems problems;

    PoolReader(ReadContext readContext, Problems problems) {
        this.processes = new ProcessReader("pool", readContext, problems);
        this.listens = new ListenReader(new PathReader(readContext, problems), problems);
        this.workers = new WorkersReader(problems);
        this.limits = new PoolLimitsReader(problems);
        this.env = new WorkerEnvReader(readContext.environment(), problems);
        this.ownSockets = new OwnSocketReader(problems);
        this.problems = problems;
    }

    /**
     * Reads an entry.
     *
     * @param defaults for processes
     */
    PoolEntry read(JsonValue.Members own, Defaults defaults) {
        JsonValue.Members object = defaults.only(WorkerKeys.FIT).applied(withoutUnfit(own));
        ObjectReader pool = new ObjectReader(object, WorkerKeys.ALL, problems);
        ProcessEntry process = processes.read(object, pool);
        boolean isShared = sharesOutput(pool.text("output"));
        checkWorkers(process, isShared);
        ListenerPass pass = pass(pool.text("pass"));
        SocketSharing sharing = sharing(pool.text("socket"));
        ListenSpec listen = listens.read(pool, sharing == SocketSharing.PER_WORKER);
        PoolMode mode =
                pass == ListenerPass.ARGUMENT && !pool.has("mode")
                        ? PoolMode.ON_DEMAND
                        : workers.mode(pool);
        RetirePolicy retire =
                pass == ListenerPass.ARGUMENT
                        ? ownSockets.retire(pool, limits.retire(pool))
                        : limits.retire(pool);
        boolean keeps = pool.has(WorkerEnvReader.KEEP);
        if (keeps) {
            checkClearEnv(own);
        }
        PoolSpec spec =
                new PoolSpec(
                        template(
                                process.spec(),
                                pass,
                                pool.has("stop") ? process.spec().stop() : stop(retire),
                                withoutLimit(
                                        process.spec(),
                                        env.read(pool, process.spec().env(), listen)),
                                keeps,
                                isShared),
                        listen,
                        mode,
                        workers.counts(
                                pool,
                                mode,
                                pass == ListenerPass.ARGUMENT
                                        && (sharing == SocketSharing.SHARED
                                                || mode == PoolMode.ON_DEMAND)),
                        limits.idleTimeout(pool),
                        sharing,
                        limits.queue(pool, listen.backlog()),
                        limits.request(pool),
                        limits.recycle(pool),
                        retire,
                        limits.whenStopped(pool));
        if (pass == ListenerPass.ARGUMENT) {
            ownSockets.check(pool, spec);
        }
        return new PoolEntry(
                spec,
                process,
                ListenReader.isValid(listen) ? pool.offset("listen") : -1,
                workers.share(pool));
    }

    /** The object without the keys that only a process can have, which are reported. */
    private JsonValue.Members withoutUnfit(JsonValue.Members own) {
        Map<String, JsonValue.Member> fit = new LinkedHashMap<>(own.members());
        WorkerKeys.UNFIT.forEach((key, why) -> {
            JsonValue.Member member = fit.remove(key);
            if (member != null) {
                problems.add(member.offset(), "a pool cannot have '" + key + "': " + why);
            }
        });
        return new JsonValue.Members(own.offset(), fit, own.whole());
    }

    private boolean sharesOutput(JsonValue.@Nullable Text output) {
        if (output == null) {
            return false;
        }
        return switch (output.value()) {
            case "shared" -> true;
            case "per-worker" -> false;
            default -> {
                problems.badText("'output'", "\"shared\" or \"per-worker\"", output);
                yield false;
            }
        };
    }

    private void checkWorkers(ProcessEntry process, boolean sharesOutput) {
        if (process.isNamed()) {
            processes.checkLength(process.spec().id(), process.idOffset());
        }
        if (sharesOutput) {
            return;
        }
        for (ProcessEntry.LogFile file : process.files()) {
            problems.add(
                    file.offset(),
                    "the workers of a pool share a log file only with \"output\": \"shared\"; else"
                            + " leave 'file' out, and each has its own");
        }
    }

    /** php-cgi ends after 500 requests if it is not told otherwise; 'recycle' replaces workers. */
    private static Map<String, String> withoutLimit(ProcessSpec process, Map<String, String> env) {
        String program = process.exec().argv().getFirst();
        boolean isPhp = program.substring(program.lastIndexOf('/') + 1).startsWith("php-cgi");
        if (!isPhp || env.containsKey(PHP_REQUESTS) || !process.identity().envFiles().isEmpty()) {
            return env;
        }
        Map<String, String> all = new LinkedHashMap<>(env);
        all.put(PHP_REQUESTS, "0");
        return all;
    }

    private ListenerPass pass(JsonValue.@Nullable Text pass) {
        if (pass != null && !PASS.known().contains(pass.value())) {
            problems.add(pass.offset(), () -> PASS.complaint("value of 'pass'", pass.value()));
        }
        return switch (pass == null ? "" : pass.value()) {
            case LISTEN_FDS -> ListenerPass.LISTEN_FDS;
            case ARGUMENT -> ListenerPass.ARGUMENT;
            default -> ListenerPass.FD0;
        };
    }

    private SocketSharing sharing(JsonValue.@Nullable Text socket) {
        if (socket == null) {
            return SocketSharing.SHARED;
        }
        return switch (socket.value()) {
            case "shared" -> SocketSharing.SHARED;
            case "per-worker" -> SocketSharing.PER_WORKER;
            default -> {
                problems.badText("'socket'", "\"shared\" or \"per-worker\"", socket);
                yield SocketSharing.SHARED;
            }
        };
    }

    private void checkClearEnv(JsonValue.Members own) {
        JsonValue.Member clear = own.members().get(CLEAR_ENV);
        if (clear != null && isFalse(clear.value())) {
            problems.add(
                    clear.value().offset(),
                    "'env_keep' leaves out all other variables, so 'clear_env' cannot be false");
        }
    }

    private static boolean isFalse(JsonValue value) {
        return (value instanceof JsonValue.Flag flag && !flag.value())
                || (value instanceof JsonValue.Text text && text.value().equals("false"));
    }

    private static StopPlan stop(RetirePolicy retire) {
        return new StopPlan(List.of(new StopPlan.Step(Signal.TERM, retire.patience())));
    }

    private static ProcessSpec template(
            ProcessSpec process,
            ListenerPass pass,
            StopPlan stop,
            Map<String, String> env,
            boolean clearEnv,
            boolean sharesOutput) {
        return new ProcessSpec(
                process.id(),
                process.exec(),
                RestartPolicy.ON_FAILURE,
                process.successExit(),
                process.settle(),
                process.restartDelay(),
                process.backoff(),
                process.giveUp(),
                process.depends(),
                process.restartOnParentDeath(),
                process.skip(),
                process.verbose(),
                stop,
                new InputSpec.Listener(process.id(), pass),
                sharesOutput ? together(process.stdout()) : process.stdout(),
                sharesOutput ? together(process.stderr()) : process.stderr(),
                process.cwd(),
                env,
                clearEnv ? cleared(process.identity()) : process.identity(),
                process.instance(),
                new Checks(Optional.of(ACCEPTS), Optional.empty(), Optional.empty()),
                process.hooks(),
                process.triggers(),
                process.lifetime());
    }

    private static OutputSpec together(OutputSpec output) {
        return output instanceof OutputSpec.Captured captured ? captured.shared() : output;
    }

    private static Identity cleared(Identity identity) {
        return new Identity(
                identity.user(),
                identity.group(),
                identity.groups(),
                identity.umask(),
                identity.chroot(),
                identity.nice(),
                identity.cpus(),
                identity.noNewPrivs(),
                identity.capabilities(),
                identity.limits(),
                identity.envFiles(),
                true);
    }
}
