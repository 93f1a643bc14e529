package org.procmon.web;

/** The bytes that one request holds, counted for its remote address. For one thread. */
final class Holding implements AutoCloseable {
    private final FairShare bytes;
    private final String address;
    private long held;

    Holding(FairShare bytes, String address) {
        this.bytes = bytes;
        this.address = address;
    }

    String address() {
        return address;
    }

    /** Takes more; false if the address has reached its limit. */
    boolean take(long count) {
        if (!bytes.take(address, count)) {
            return false;
        }
        held += count;
        return true;
    }

    /** Gives all of it back. */
    @Override
    public void close() {
        bytes.give(address, held);
    }
}
