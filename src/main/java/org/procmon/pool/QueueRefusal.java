package org.procmon.pool;

import java.util.List;
import org.procmon.config.PoolSpec;
import org.procmon.lifecycle.Ticks;
import org.procmon.pool.listen.OpenListener;
import org.procmon.pool.plan.RefuseReason;
import org.procmon.pool.refuse.RefusalAnswer;
import org.procmon.pool.refuse.Refusals;
import org.procmon.posix.Descriptor;
import org.procmon.posix.socket.NonBlockingAccept;

/** Takes clients that have waited out of a queue, and has them answered. Thread of the pools. */
final class QueueRefusal {
    private final Refusals refusals;

    QueueRefusal(Refusals refusals) {
        this.refusals = refusals;
    }

    /** Refuses so many clients at most, those that have waited longest; returns how many. */
    int refuse(PoolSpec pool, List<OpenListener> from, int most, RefuseReason reason, Ticks now) {
        RefusalAnswer answer = new RefusalAnswer(pool.queue().retryAfter(), words(reason));
        int done = 0;
        for (OpenListener listener : from) {
            while (done < most
                    && NonBlockingAccept.acceptNow(listener.socket())
                            instanceof NonBlockingAccept.Result.Accepted(Descriptor client)) {
                refusals.add(client, answer, now);
                done++;
            }
        }
        return done;
    }

    /** Closes the connections of all that wait. */
    static void closeAll(OpenListener listener) {
        while (NonBlockingAccept.acceptNow(listener.socket())
                instanceof NonBlockingAccept.Result.Accepted(Descriptor client)) {
            client.close();
        }
    }

    private static String words(RefuseReason reason) {
        return switch (reason) {
            case QUEUE_FULL -> "Too many requests wait for this application.";
            case WAITED_TOO_LONG -> "This application was busy for too long.";
            case ALL_FAILED -> "This application cannot be started at present.";
            case STOPPED -> "This application is stopped.";
        };
    }
}
