package org.procmon.posix;

/**
 * An error of the kernel.
 *
 * @param number see errno(3); the numbers are Linux's
 */
public record Errno(int number) {
    static final int ESRCH = 3;
    static final int EINTR = 4;
    static final int ECHILD = 10;
    static final int EAGAIN = 11;
    static final int EEXIST = 17;

    public static final Errno ENOENT = new Errno(2);
    public static final Errno EINVAL = new Errno(22);
    public static final Errno EMFILE = new Errno(24);

    /** The C library's words for it, such as {@code No such file or directory}. */
    public String words() {
        return Native.describe(number);
    }
}
