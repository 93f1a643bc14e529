package org.procmon.config;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A signal by its name, with Linux's number on x86-64 and aarch64. Real-time signals are numbered
 * as in the GNU C library, which reserves the first two; half of them are counted from the first
 * and half from the last, as {@code kill -l} does.
 *
 * <p>Source: signal(7), "Standard signals" and "Real-time signals".
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
    SYS(31),
    RTMIN(34),
    RTMIN_1(35),
    RTMIN_2(36),
    RTMIN_3(37),
    RTMIN_4(38),
    RTMIN_5(39),
    RTMIN_6(40),
    RTMIN_7(41),
    RTMIN_8(42),
    RTMIN_9(43),
    RTMIN_10(44),
    RTMIN_11(45),
    RTMIN_12(46),
    RTMIN_13(47),
    RTMIN_14(48),
    RTMIN_15(49),
    RTMAX_14(50),
    RTMAX_13(51),
    RTMAX_12(52),
    RTMAX_11(53),
    RTMAX_10(54),
    RTMAX_9(55),
    RTMAX_8(56),
    RTMAX_7(57),
    RTMAX_6(58),
    RTMAX_5(59),
    RTMAX_4(60),
    RTMAX_3(61),
    RTMAX_2(62),
    RTMAX_1(63),
    RTMAX(64);

    private static final List<Signal> ALL = List.of(values());
    private static final String FIRST_REAL_TIME = "RTMIN+";
    private static final String LAST_REAL_TIME = "RTMAX-";

    /** The number of real-time signals after the first. */
    private static final int MOST_MORE = 30;

    private final int number;

    Signal(int number) {
        this.number = number;
    }

    /** The number that kill(2) takes. */
    public int number() {
        return number;
    }

    /** As users write it: {@code TERM}, {@code RTMIN+3}. */
    public String word() {
        return number < RTMIN.number
                ? name()
                : name().replace("RTMIN_", FIRST_REAL_TIME).replace("RTMAX_", LAST_REAL_TIME);
    }

    /**
     * Reads {@code TERM}, {@code SIGTERM}, {@code term} or {@code 15}, and likewise {@code RTMIN+3}
     * and {@code RTMAX-3}; empty if it is none of them.
     */
    public static Optional<Signal> parse(String text) {
        String upper = text.toUpperCase(Locale.ROOT);
        String bare = upper.startsWith("SIG") ? upper.substring(3) : upper;
        if (bare.startsWith(FIRST_REAL_TIME) || bare.startsWith(LAST_REAL_TIME)) {
            return realTime(bare);
        }
        for (Signal signal : ALL) {
            if (signal.word().equals(bare) || String.valueOf(signal.number).equals(text)) {
                return Optional.of(signal);
            }
        }
        return Optional.empty();
    }

    private static Optional<Signal> realTime(String word) {
        String digits = word.substring(FIRST_REAL_TIME.length());
        if (digits.isEmpty() || digits.length() > 2 || !Strings.isDigits(digits)) {
            return Optional.empty();
        }
        int more = Integer.parseInt(digits);
        if (more > MOST_MORE) {
            return Optional.empty();
        }
        return ofNumber(
                word.startsWith(FIRST_REAL_TIME) ? RTMIN.number + more : RTMAX.number - more);
    }

    /** The signal with this number; empty if there is none or the C library reserves it. */
    public static Optional<Signal> ofNumber(int number) {
        for (Signal signal : ALL) {
            if (signal.number == number) {
                return Optional.of(signal);
            }
        }
        return Optional.empty();
    }
}
