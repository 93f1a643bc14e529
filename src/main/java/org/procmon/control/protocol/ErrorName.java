package org.procmon.control.protocol;

/** The errors that a call may be answered with, by their names on the wire. */
public enum ErrorName {
    /** {@code name}: no process has it, or none matches. */
    NO_SUCH_PROCESS(Method.MONITOR + "NoSuchProcess"),
    /** {@code name}, {@code reason}: it cannot name a process, or not for this call. */
    INVALID_NAME(Method.MONITOR + "InvalidName"),
    /** {@code reason}: who was refused, and what would allow it. */
    NOT_PERMITTED(Method.MONITOR + "NotPermitted"),
    /** {@code reason}. */
    CONFIGURATION_INVALID(Method.MONITOR + "ConfigurationInvalid"),
    /** {@code name}, {@code reason}: what it was still doing. The command goes on. */
    TIMED_OUT(Method.MONITOR + "TimedOut"),
    /** {@code name}, {@code reason}: it did not get there, and will not by this command. */
    FAILED(Method.MONITOR + "Failed"),
    /** {@code name}, {@code reason}: others depend on it; nothing was changed. */
    HAS_DEPENDENTS(Method.MONITOR + "HasDependents"),
    /** {@code name}, {@code reason}: its output goes elsewhere, or cannot be read. */
    NO_OUTPUT(Method.MONITOR + "NoOutput"),
    /** Nothing is started any more. */
    SHUTTING_DOWN(Method.MONITOR + "ShuttingDown"),
    /** {@code reason}: others have taken what there is of connections, or of room for messages. */
    BUSY(Method.MONITOR + "Busy"),
    /** {@code reason}: what a call has more of than it may. */
    TOO_LARGE(Method.MONITOR + "TooLarge"),
    /** {@code interface}. */
    INTERFACE_NOT_FOUND(Method.SERVICE + "InterfaceNotFound"),
    /** {@code method}. */
    METHOD_NOT_FOUND(Method.SERVICE + "MethodNotFound"),
    /** {@code parameter}. */
    INVALID_PARAMETER(Method.SERVICE + "InvalidParameter"),
    /** It has more than one reply, and the call does not say that it takes {@code more}. */
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
