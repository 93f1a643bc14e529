package org.procmon.status;

import java.util.Locale;
import org.procmon.lifecycle.Phase;

/** Whether a pool serves clients. */
public enum PoolCondition {
    /** It listens, and has workers or starts them when a client comes. */
    SERVING,
    /** An operator has stopped it. */
    STOPPED,
    /** It listens nowhere, or no worker runs since they do not start. */
    FAILED;

    public static PoolCondition of(PoolView view) {
        if (view.isStopped()) {
            return STOPPED;
        }
        boolean isDeaf = view.listening().isEmpty() && view.trouble().isPresent();
        boolean isEmpty =
                view.total() == 0 && view.workers().stream().anyMatch(PoolCondition::isBroken);
        return isDeaf || isEmpty ? FAILED : SERVING;
    }

    static boolean isBroken(PoolView.Worker worker) {
        Phase phase = worker.process().process().state().phase();
        return phase == Phase.BACKOFF || phase == Phase.FAILED;
    }

    /** As written in JSON. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
