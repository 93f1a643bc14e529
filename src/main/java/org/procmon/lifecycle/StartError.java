package org.procmon.lifecycle;

/**
 * Why a program could not be started.
 *
 * @param errno the kernel's number for it, see errno(3); 0 when the reason is not the kernel's
 * @param reason in words, naming what was tried; of a very long one the middle is left out
 * @param lasting whether it remains so until a person does something about it, such as a program
 *     that is not there
 */
public record StartError(int errno, String reason, boolean lasting) {
    /** No reason is longer, in chars. It is kept with the process, and shown in one line. */
    public static final int LONGEST_REASON = 1000;

    private static final String LEFT_OUT = " ... ";
    private static final int BEGINNING = 700;

    public StartError {
        int length = reason.length();
        if (length > LONGEST_REASON) {
            int end = LONGEST_REASON - BEGINNING - LEFT_OUT.length();
            reason = reason.substring(0, BEGINNING) + LEFT_OUT + reason.substring(length - end);
        }
    }

    /** One that may be over soon. */
    public StartError(int errno, String reason) {
        this(errno, reason, false);
    }
}
