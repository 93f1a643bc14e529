package org.procmon.control.protocol;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The known methods, and the parameters that each takes. */
public enum Method {
    LIST(Method.MONITOR + "List", Parameter.NAMES, Parameter.USAGE),
    STATUS(Method.MONITOR + "Status", Parameter.NAME, Parameter.USAGE),
    EXPLAIN(Method.MONITOR + "Explain", Parameter.NAME),
    POOLS(Method.MONITOR + "Pools", Parameter.NAMES),
    START(Method.MONITOR + "Start", Parameter.NAMES, Parameter.WAIT, Parameter.TIMEOUT_MS),
    STOP(Method.MONITOR + "Stop", Parameter.NAMES, Parameter.WAIT, Parameter.TIMEOUT_MS),
    RESTART(
            Method.MONITOR + "Restart",
            Parameter.NAMES,
            Parameter.WAIT,
            Parameter.TIMEOUT_MS,
            Parameter.ROLLING),
    REFRESH(Method.MONITOR + "Refresh", Parameter.NAMES, Parameter.WAIT, Parameter.TIMEOUT_MS),
    DELETE(
            Method.MONITOR + "Delete",
            Parameter.NAMES,
            Parameter.WAIT,
            Parameter.TIMEOUT_MS,
            Parameter.FORCE),
    SIGNAL(Method.MONITOR + "Signal", Parameter.NAMES, Parameter.SIGNAL),
    READ_OUTPUT(
            Method.MONITOR + "ReadOutput",
            Parameter.NAME,
            Parameter.STREAM,
            Parameter.LINES,
            Parameter.POSITION,
            Parameter.FOLLOW),
    WATCH(Method.MONITOR + "Watch", Parameter.SINCE, Parameter.NAMES),
    TIME_LIMITS(Method.MONITOR + "TimeLimits", Parameter.NAMES),
    REOPEN(Method.MONITOR + "Reopen"),
    CHECK(Method.MONITOR + "Check"),
    RELOAD(Method.MONITOR + "Reload", Parameter.DRY_RUN),
    SCALE(Method.MONITOR + "Scale", Parameter.NAME, Parameter.INSTANCES),
    UPGRADE(Method.MONITOR + "Upgrade", Parameter.WAIT),
    SHUTDOWN(Method.MONITOR + "Shutdown", Parameter.WAIT, Parameter.TIMEOUT_MS),
    GET_INFO(Method.SERVICE + "GetInfo"),
    GET_INTERFACE_DESCRIPTION(Method.SERVICE + "GetInterfaceDescription", Parameter.INTERFACE);

    /** The name of the monitor's interface, with the dot before a method's name. */
    static final String MONITOR = "org.procmon.Monitor.";

    /** The name of the interface that every Varlink service has, with its dot. */
    static final String SERVICE = "org.varlink.service.";

    /** The parameters of calls. Each means the same in all methods. */
    public enum Parameter {
        NAMES("names", 1),
        NAME("name", 2),
        WAIT("wait", 4),
        TIMEOUT_MS("timeout_ms", 8),
        SIGNAL("signal", 16),
        INTERFACE("interface", 32),
        STREAM("stream", 64),
        LINES("lines", 128),
        POSITION("position", 256),
        FOLLOW("follow", 512),
        SINCE("since", 1024),
        /** Taken by every method of the monitor. */
        ON_BEHALF("on_behalf", 2048),
        DRY_RUN("dry_run", 4096),
        INSTANCES("instances", 8192),
        ROLLING("rolling", 16384),
        USAGE("usage", 32768),
        FORCE("force", 65536);

        private static final Parameter[] EACH = values();

        private final String wireName;
        private final int bit;

        Parameter(String wireName, int bit) {
            this.wireName = wireName;
            this.bit = bit;
        }

        public String wireName() {
            return wireName;
        }

        int bit() {
            return bit;
        }

        /** The parameter of this name; null if there is none. */
        static @Nullable Parameter named(String wireName) {
            for (Parameter parameter : EACH) {
                if (parameter.wireName.equals(wireName)) {
                    return parameter;
                }
            }
            return null;
        }
    }

    private static final Method[] ALL = values();

    private final String wireName;
    private final int taken;

    Method(String wireName, Parameter... parameters) {
        this.wireName = wireName;
        int bits = 0;
        for (Parameter parameter : parameters) {
            bits |= parameter.bit();
        }
        taken = wireName.startsWith(MONITOR) ? bits | Parameter.ON_BEHALF.bit() : bits;
    }

    /** Its full name, with its interface. */
    public String wireName() {
        return wireName;
    }

    /** Whether the method takes the parameter. */
    public boolean takes(Parameter parameter) {
        return (taken & parameter.bit()) != 0;
    }

    /** Whether the method requires the parameter. */
    public boolean needs(Parameter parameter) {
        return takes(parameter)
                && switch (parameter) {
                    case NAMES ->
                            this != LIST && this != POOLS && this != WATCH && this != TIME_LIMITS;
                    case NAME, SIGNAL, INTERFACE, INSTANCES -> true;
                    case WAIT,
                            TIMEOUT_MS,
                            STREAM,
                            LINES,
                            POSITION,
                            FOLLOW,
                            SINCE,
                            ON_BEHALF,
                            DRY_RUN,
                            ROLLING,
                            USAGE,
                            FORCE ->
                            false;
                };
    }

    /** The method of this full name. */
    public static Optional<Method> named(String wireName) {
        for (Method method : ALL) {
            if (method.wireName.equals(wireName)) {
                return Optional.of(method);
            }
        }
        return Optional.empty();
    }
}
