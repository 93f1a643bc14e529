package org.procmon.control.server.calls;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.procmon.control.protocol.ErrorName;
import org.procmon.control.protocol.Product;
import org.procmon.control.server.replies.CallReply;

/** The service's description of itself. Source: the Varlink interface org.varlink.service. */
final class Introspection {
    static final String MONITOR = "org.procmon.Monitor";
    static final String SERVICE = "org.varlink.service";

    private Introspection() {}

    static CallReply about() {
        return new CallReply.About(
                List.of(
                        "vendor", Product.NAME,
                        "product", Product.NAME,
                        "version", Product.VERSION,
                        "url", ""),
                List.of(SERVICE, MONITOR));
    }

    static CallReply description(String name) {
        if (!name.equals(MONITOR) && !name.equals(SERVICE)) {
            return CallReply.TextReply.error(ErrorName.INTERFACE_NOT_FOUND, "interface", name);
        }
        return new CallReply.TextReply("", List.of("description", text(name)));
    }

    /** Why a method is not served: it is unknown, or its whole interface is. */
    static CallReply unknown(String method) {
        int dot = method.lastIndexOf('.');
        String called = method.substring(0, Math.max(dot, 0));
        return dot < 0 || called.equals(MONITOR) || called.equals(SERVICE)
                ? CallReply.TextReply.error(ErrorName.METHOD_NOT_FOUND, "method", method)
                : CallReply.TextReply.error(ErrorName.INTERFACE_NOT_FOUND, "interface", called);
    }

    private static String text(String name) {
        String file = "/org/procmon/" + name + ".varlink";
        try (InputStream in = Introspection.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException("the program lacks its file " + file);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }
}
