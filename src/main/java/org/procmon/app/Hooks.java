package org.procmon.app;

import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.procmon.control.server.HookSource;
import org.procmon.hooks.FailureHooks;
import org.procmon.lifecycle.Supervised;
import org.procmon.supervise.Observer;
import org.procmon.supervise.ProcessView;

/** The hooks, which cost nothing until a process that has any changes. */
final class Hooks implements Observer, HookSource, AutoCloseable {
    private @Nullable Supplier<FailureHooks> source;
    private volatile @Nullable FailureHooks failures;

    /** From where to take what runs them; before the first change. */
    void from(Supplier<FailureHooks> supplier) {
        source = supplier;
    }

    @Override
    public void changed(Supervised before, ProcessView after) {
        if (after.spec().hooks().onFailure().isPresent()) {
            failures().changed(before, after);
        }
    }

    @Override
    public Optional<String> trouble(String name) {
        FailureHooks known = failures;
        return known == null ? Optional.empty() : known.trouble(name);
    }

    @Override
    public void close() {
        FailureHooks known = failures;
        if (known != null) {
            known.close();
        }
    }

    private FailureHooks failures() {
        FailureHooks known = failures;
        if (known == null) {
            if (source == null) {
                throw new IllegalStateException("hooks are needed before they can be run");
            }
            known = source.get();
            failures = known;
        }
        return known;
    }
}
