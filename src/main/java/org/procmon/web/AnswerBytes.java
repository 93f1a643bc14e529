package org.procmon.web;

import java.util.IdentityHashMap;
import org.procmon.http.HttpAnswer;

/**
 * Counts the bytes of the answers being sent, per remote address of the request. An answer that is
 * sent to many at a time exists once, and counts once, for the first of them. Thread-safe.
 */
final class AnswerBytes {
    private static final class Holders {
        private final String address;
        private int count = 1;

        private Holders(String address) {
            this.address = address;
        }
    }

    private final FairShare bytes;
    private final IdentityHashMap<HttpAnswer, Holders> held = new IdentityHashMap<>();

    AnswerBytes(FairShare bytes) {
        this.bytes = bytes;
    }

    /** Whether the answer may be sent; if so, the caller must release it. */
    synchronized boolean hold(HttpAnswer httpAnswer, String address) {
        Holders holders = held.get(httpAnswer);
        if (holders != null) {
            holders.count++;
            return true;
        }
        if (!bytes.take(address, httpAnswer.length())) {
            return false;
        }
        held.put(httpAnswer, new Holders(address));
        return true;
    }

    synchronized void release(HttpAnswer httpAnswer) {
        Holders holders = held.get(httpAnswer);
        if (holders != null && --holders.count == 0) {
            held.remove(httpAnswer);
            bytes.give(holders.address, httpAnswer.length());
        }
    }
}
