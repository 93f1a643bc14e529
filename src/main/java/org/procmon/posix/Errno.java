package org.procmon.posix;

/**
 * An error of the kernel.
 *
 * @param number see errno(3); the numbers are Linux's
 */
public record Errno(int number) {
    public static final int EPERM = 1;
    public static final int ENOENT_NUMBER = 2;
    public static final int ESRCH = 3;
    public static final int EINTR = 4;
    public static final int E2BIG = 7;
    public static final int ENOEXEC = 8;
    public static final int EBADF = 9;
    public static final int ECHILD = 10;
    public static final int EAGAIN = 11;
    public static final int ENOMEM = 12;
    public static final int EACCES = 13;
    public static final int EEXIST = 17;
    public static final int ENOTDIR = 20;
    public static final int EISDIR = 21;
    public static final int EINVAL = 22;
    public static final int ENFILE = 23;
    public static final int EMFILE = 24;
    public static final int ENOSPC = 28;
    public static final int EROFS = 30;
    public static final int EPIPE = 32;
    public static final int ERANGE = 34;
    public static final int ENAMETOOLONG = 36;
    public static final int ELOOP = 40;
    public static final int ELIBBAD = 80;
    public static final int EMSGSIZE = 90;
    public static final int EPROTOTYPE = 91;
    public static final int EAFNOSUPPORT = 97;
    public static final int EADDRNOTAVAIL = 99;
    public static final int ECONNABORTED = 103;
    public static final int ECONNRESET = 104;
    public static final int ENOBUFS = 105;
    public static final int EISCONN = 106;
    public static final int ECONNREFUSED = 111;
    public static final int EALREADY = 114;
    public static final int EINPROGRESS = 115;

    public static final Errno ENOENT = new Errno(ENOENT_NUMBER);
    public static final Errno NO_PROCESS = new Errno(ESRCH);
    public static final Errno INVALID = new Errno(EINVAL);
    public static final Errno NO_EXEC_FORMAT = new Errno(ENOEXEC);
    public static final Errno NO_FOLDER = new Errno(ENOTDIR);
    public static final Errno IS_FOLDER = new Errno(EISDIR);
    public static final Errno TOO_MANY_LINKS = new Errno(ELOOP);
    public static final Errno NOT_ALLOWED = new Errno(EACCES);
    public static final Errno TOO_MANY_FILES = new Errno(EMFILE);

    /** Whether a limit of the kernel itself has been reached. */
    public boolean isLimit() {
        return number == ENOSPC || number == EMFILE || number == ENFILE;
    }

    /** Whether a resource is temporarily short, on this machine or for this process. */
    public boolean isShortage() {
        return switch (number) {
            case EAGAIN, ENOMEM, ENFILE, EMFILE, ENOBUFS -> true;
            default -> false;
        };
    }

    /**
     * Whether the error lasts until a person changes the file: it does not exist, is of the wrong
     * kind, or may not be used. Everything else, such as a disk or a server that does not respond,
     * may be temporary.
     */
    public boolean isLasting() {
        return switch (number) {
            case EPERM,
                    ENOENT_NUMBER,
                    E2BIG,
                    ENOEXEC,
                    EACCES,
                    ENOTDIR,
                    EISDIR,
                    EINVAL,
                    ENAMETOOLONG,
                    ELOOP,
                    ELIBBAD ->
                    true;
            default -> false;
        };
    }

    /** The C library's text for it, such as {@code No such file or directory}. */
    public String words() {
        return Native.describe(number);
    }
}
