package org.procmon.pool;

import java.util.Locale;
import org.procmon.config.PoolSpec;
import org.procmon.pool.plan.PoolReport;

/** Why a worker was not replaced, in words. Any thread. */
public final class ReplacementText {
    private ReplacementText() {}

    /** A clause that names the workers. */
    public static String of(PoolSpec pool, PoolReport.ReplacementFailed failed) {
        String cause =
                switch (failed.cause()) {
                    case EXITED -> "exited or could not be started";
                    case TOO_SLOW -> "did not accept connections";
                    case STOPPED -> "was stopped by an operator";
                    case NOT_PROMOTED -> "cannot take over the address";
                };
        String fresh = pool.worker(failed.number()).id();
        String reason = failed.reason().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        return failed.number() == failed.replaced()
                ? "the new run of %s (%s) %s".formatted(fresh, reason, cause)
                : "%s stays (%s): its replacement %s %s"
                        .formatted(pool.worker(failed.replaced()).id(), reason, fresh, cause);
    }
}
