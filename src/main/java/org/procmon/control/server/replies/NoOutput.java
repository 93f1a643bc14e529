package org.procmon.control.server.replies;

import java.time.Duration;
import java.util.Optional;
import org.procmon.control.protocol.StandardStream;

/** The output source of a monitor that captures nothing. */
final class NoOutput implements OutputSource {
    private static final Reading NOT_KEPT =
            new Reading.NotKept("this monitor does not capture output");

    @Override
    public Reading last(String name, StandardStream stream, int lines, int maxBytes) {
        return NOT_KEPT;
    }

    @Override
    public Reading after(String name, StandardStream stream, String position, int maxBytes) {
        return NOT_KEPT;
    }

    @Override
    public boolean await(String name, StandardStream stream, String position, Duration atMost) {
        return true;
    }

    @Override
    public Optional<Loss> loss(String name) {
        return Optional.empty();
    }

    @Override
    public boolean isShared(String name) {
        return false;
    }

    @Override
    public boolean reopen(Duration limit) {
        return true;
    }
}
