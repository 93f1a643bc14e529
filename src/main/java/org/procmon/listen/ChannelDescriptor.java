package org.procmon.listen;

import java.nio.channels.SocketChannel;
import java.util.OptionalInt;

/**
 * Which descriptor a channel of the JDK has, for what the JDK has no method for. Needs {@code
 * --add-opens} for {@code sun.nio.ch}. Source: sun.nio.ch.SelChImpl of JDK 25.
 */
public final class ChannelDescriptor {
    private ChannelDescriptor() {}

    /**
     * Its number; empty if the JDK does not say. It is the channel's own: never close it, and use
     * it only while the channel is open.
     */
    public static OptionalInt of(SocketChannel channel) {
        try {
            var number = Class.forName("sun.nio.ch.SelChImpl").getMethod("getFDVal");
            number.setAccessible(true);
            return number.invoke(channel) instanceof Integer found
                    ? OptionalInt.of(found)
                    : OptionalInt.empty();
        } catch (ReflectiveOperationException | RuntimeException _) {
            return OptionalInt.empty();
        }
    }
}
