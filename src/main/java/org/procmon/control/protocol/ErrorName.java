package org.procmon.control.protocol;

/** The errors of calls, by their names on the wire. */
public enum ErrorName {
    /** {@code name}: no process has it, or the pattern matches none. */
    NO_SUCH_PROCESS(Method.MONITOR + "NoSuchProcess"),
    /** {@code name}, {@code reason}: it cannot name a process, or is not valid for this call. */
    INVALID_NAME(Method.MONITOR + "InvalidName"),
    /** {@code reason}: the user that was refused, and what would allow the call. */
    NOT_PERMITTED(Method.MONITOR + "NotPermitted"),
    /** {@code reason}. */
    CONFIGURATION_INVALID(Method.MONITOR + "ConfigurationInvalid"),
    /** {@code name}, {@code reason}: what it was still doing. The command continues. */
    TIMED_OUT(Method.MONITOR + "TimedOut"),
    /** {@code name}, {@code reason}: it did not reach its goal, and will not by this command. */
    FAILED(Method.MONITOR + "Failed"),
    /** {@code name}, {@code reason}: other processes depend on it; nothing was changed. */
    HAS_DEPENDENTS(Method.MONITOR + "HasDependents"),
    /** {@code name}, {@code reason}: its output is not kept, or cannot be read. */
    NO_OUTPUT(Method.MONITOR + "NoOutput"),
    /** The monitor starts nothing any more. */
    SHUTTING_DOWN(Method.MONITOR + "ShuttingDown"),
    /** {@code reason}: other clients use all connections, or all memory for messages. */
    BUSY(Method.MONITOR + "Busy"),
    /** {@code reason}: which limit the call exceeds. */
    TOO_LARGE(Method.MONITOR + "TooLarge"),
    /** {@code interface}. */
    INTERFACE_NOT_FOUND(Method.SERVICE + "InterfaceNotFound"),
    /** {@code method}. */
    METHOD_NOT_FOUND(Method.SERVICE + "MethodNotFound"),
    /** {@code parameter}. */
    INVALID_PARAMETER(Method.SERVICE + "InvalidParameter"),
    /** The method has several replies, and the call does not set {@code more}. */
    EXPECTED_MORE(Method.SERVICE + "ExpectedMore"),
    /** An error that this version does not know. */
    UNKNOWN("");

    private final String wireName;

    ErrorName(String wireName) {
        this.wireName = wireName;
    }

    /** Its full name, with its interface. */
    public String wireName() {
        return wireName;
    }

    /** The error of this full name, {@link #UNKNOWN} if there is none. */
    public static ErrorName named(String wireName) {
        for (ErrorName error : values()) {
            if (error.wireName.equals(wireName)) {
                return error;
            }
        }
        return UNKNOWN;
    }
}
