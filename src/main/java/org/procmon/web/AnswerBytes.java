package org.procmon.web;

import java.util.IdentityHashMap;

/**
 * Counts the bytes of the answers that are being sent, for the remote address that asked. One that
 * is sent to many at a time is there once, and counts once, for the first of them. Thread-safe.
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

    /** Whether it may be sent; then it is to be released. */
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
