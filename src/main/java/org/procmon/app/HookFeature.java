package org.procmon.app;

import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.procmon.config.ProcessSpec;
import org.procmon.hooks.FailureHooks;
import org.procmon.hooks.RunHooks;
import org.procmon.lifecycle.Effect;
import org.procmon.lifecycle.HookKind;
import org.procmon.lifecycle.ProcessStatus;
import org.procmon.status.ProcessView;
import org.procmon.supervise.port.HookRunner;
import org.procmon.supervise.port.HookSource;
import org.procmon.supervise.port.Observer;

/** The hooks, which cost nothing until one has to run. */
final class HookFeature implements Observer, HookSource, HookRunner, AutoCloseable {
    private @Nullable Supplier<FailureHooks> failureSource;
    private @Nullable Supplier<RunHooks> runSource;
    private volatile @Nullable FailureHooks failures;
    private volatile @Nullable RunHooks runs;

    /** Where to get what runs them; set before the first change. */
    void from(Supplier<FailureHooks> failureHooks, Supplier<RunHooks> runHooks) {
        failureSource = failureHooks;
        runSource = runHooks;
    }

    @Override
    public void changed(ProcessStatus before, ProcessView after) {
        if (after.spec().hooks().onFailure().isPresent()) {
            failures().changed(before, after);
        }
    }

    @Override
    public void shuttingDown() {
        FailureHooks ofFailures = failures;
        if (ofFailures != null) {
            ofFailures.shuttingDown();
        }
    }

    @Override
    public boolean isTelling() {
        FailureHooks ofFailures = failures;
        return ofFailures != null && ofFailures.isTelling();
    }

    @Override
    public void hurry() {
        FailureHooks ofFailures = failures;
        if (ofFailures != null) {
            ofFailures.close();
        }
    }

    @Override
    public void run(ProcessSpec of, Effect.RunHook hook) {
        runs().run(of, hook);
    }

    @Override
    public void cancel(String name) {
        RunHooks ofRuns = runs;
        if (ofRuns != null) {
            ofRuns.cancel(name);
        }
    }

    @Override
    public void failed(String name, HookKind kind, String reason) {
        runs().failed(name, kind, reason);
    }

    @Override
    public Optional<String> trouble(String name) {
        FailureHooks ofFailures = failures;
        RunHooks ofRuns = runs;
        if (ofFailures == null && ofRuns == null) {
            return Optional.empty();
        }
        String all =
                Stream.of(
                                ofRuns == null ? Optional.<String>empty() : ofRuns.trouble(name),
                                ofFailures == null
                                        ? Optional.<String>empty()
                                        : ofFailures.trouble(name))
                        .flatMap(Optional::stream)
                        .collect(Collectors.joining("; "));
        return all.isEmpty() ? Optional.empty() : Optional.of(all);
    }

    /**
     * Kills the hooks around runs: the monitor that takes over would run them a second time in
     * parallel.
     */
    void leave() {
        RunHooks ofRuns = runs;
        if (ofRuns != null) {
            ofRuns.close();
        }
    }

    @Override
    public void close() {
        leave();
        hurry();
    }

    private FailureHooks failures() {
        FailureHooks known = failures;
        if (known == null) {
            known = made(failureSource);
            failures = known;
        }
        return known;
    }

    private RunHooks runs() {
        RunHooks known = runs;
        if (known == null) {
            known = made(runSource);
            runs = known;
        }
        return known;
    }

    private static <T> T made(@Nullable Supplier<T> source) {
        if (source == null) {
            throw new IllegalStateException("a hook is due before hooks can run");
        }
        return source.get();
    }
}
