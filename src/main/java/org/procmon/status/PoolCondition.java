package org.procmon.status;

import java.time.Duration;
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

    private static final Duration SERVED = Duration.ofSeconds(1);

    public static PoolCondition of(PoolView view) {
        if (view.isStopped()) {
            return STOPPED;
        }
        boolean isDeaf = view.listening().isEmpty() && view.trouble().isPresent();
        boolean isEmpty =
                view.total() == 0
                        && view.workers().stream()
                                .anyMatch(one ->
                                        isBroken(one)
                                                || (hasEndedAtOnce(one)
                                                        && view.spec().workers().min() > 0));
        return isDeaf || isEmpty ? FAILED : SERVING;
    }

    /** Whether it exited with success so soon that it hardly served a client. */
    static boolean hasEndedAtOnce(PoolView.Worker worker) {
        return worker.process().process().state().phase() == Phase.COMPLETED
                && worker.process()
                        .process()
                        .tally()
                        .lastExit()
                        .filter(exit -> exit.ran().compareTo(SERVED) < 0)
                        .isPresent();
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
