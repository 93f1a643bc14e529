package org.procmon.front.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the HTTP front serves. The monitor writes it as JSON, with these names as keys.
 *
 * @param routes in the order in which they are tried
 * @param access how clients come in
 * @param limits what clients may use
 * @param accessLog null for none
 * @param hosts names by which browsers may know this machine, in lower case, besides its own
 * @param sendable the folders whose files applications may have the front send
 * @param compress whether text is compressed for clients that accept it
 */
public record FrontConfig(
        List<FrontRoute> routes,
        @Nullable FrontAccess access,
        @Nullable FrontLimits limits,
        @Nullable AccessLogFormat accessLog,
        List<String> hosts,
        List<String> sendable,
        boolean compress) {
    /** How a request is written to the access log. */
    public enum AccessLogFormat {
        COMBINED,
        JSON
    }

    @SuppressWarnings("NullAway") // Databind passes null for what is not in the file.
    public FrontConfig {
        routes = routes == null ? List.of() : List.copyOf(routes);
        hosts = hosts == null ? List.of() : List.copyOf(hosts);
        sendable = sendable == null ? List.of() : List.copyOf(sendable);
    }

    /** How clients come in, or that all may. */
    public FrontAccess accessOrDefault() {
        return access == null ? FrontAccess.OPEN : access;
    }

    /** The limits, or the defaults. */
    public FrontLimits limitsOrDefault() {
        return limits == null ? FrontLimits.DEFAULT : limits;
    }
}
