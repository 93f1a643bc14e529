package org.procmon.spec;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A signal by its name, with the number that Linux gives it on x86-64 and aarch64.
 *
 * <p>Source: signal(7), "Standard signals".
 */
public enum Signal {
    HUP(1),
    INT(2),
    QUIT(3),
    ILL(4),
    TRAP(5),
    ABRT(6),
    BUS(7),
    FPE(8),
    KILL(9),
    USR1(10),
    SEGV(11),
    USR2(12),
    PIPE(13),
    ALRM(14),
    TERM(15),
    STKFLT(16),
    CHLD(17),
    CONT(18),
    STOP(19),
    TSTP(20),
    TTIN(21),
    TTOU(22),
    URG(23),
    XCPU(24),
    XFSZ(25),
    VTALRM(26),
    PROF(27),
    WINCH(28),
    IO(29),
    PWR(30),
    SYS(31);

    private static final List<Signal> ALL = List.of(values());

    private final int number;

    Signal(int number) {
        this.number = number;
    }

    /** The number that kill(2) takes. */
    public int number() {
        return number;
    }

    /**
     * Reads {@code TERM}, {@code SIGTERM}, {@code term} or {@code 15}; empty if it is none of them.
     */
    public static Optional<Signal> parse(String text) {
        String upper = text.toUpperCase(Locale.ROOT);
        String bare = upper.startsWith("SIG") ? upper.substring(3) : upper;
        for (Signal signal : ALL) {
            if (signal.name().equals(bare) || String.valueOf(signal.number).equals(text)) {
                return Optional.of(signal);
            }
        }
        return Optional.empty();
    }

    /** The signal of this number; empty for a real-time signal or none. */
    public static Optional<Signal> ofNumber(int number) {
        for (Signal signal : ALL) {
            if (signal.number == number) {
                return Optional.of(signal);
            }
        }
        return Optional.empty();
    }
}
