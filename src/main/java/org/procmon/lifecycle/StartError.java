package org.procmon.lifecycle;

/**
 * Why a program could not be started.
 *
 * @param errno the kernel's number for it, see errno(3); 0 when the reason is not the kernel's
 * @param reason in words, naming what was tried; a very long one is shortened in the middle
 * @param lasting whether retries fail until a person fixes the cause, such as a missing program
 */
public record StartError(int errno, String reason, boolean lasting) {
    /**
     * The length limit of a reason, in chars. It is kept with the process, and shown in one line.
     */
    static final int LONGEST_REASON = 1000;

    private static final String LEFT_OUT = " ... ";
    private static final int BEGINNING = 700;

    public StartError {
        int length = reason.length();
        if (length > LONGEST_REASON) {
            int end = LONGEST_REASON - BEGINNING - LEFT_OUT.length();
            reason = reason.substring(0, BEGINNING) + LEFT_OUT + reason.substring(length - end);
        }
    }

    /** An error that may pass soon. */
    public StartError(int errno, String reason) {
        this(errno, reason, false);
    }
}
