package org.procmon.posix.socket;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** The structures of queries about Unix sockets. Any thread. Source: sock_diag(7). */
final class UnixDiagnostics {
    static final int SHOW_NAME = 1;
    static final int SHOW_WAITING = 8;
    static final int SHOW_QUEUE_LENGTH = 16;

    static final int ESTABLISHED = 1;
    static final int LISTENING = 10;

    /** Types of attributes. */
    static final int NAME = 0;

    static final int WAITING = 3;
    static final int QUEUE_LENGTH = 4;

    /** Of struct unix_diag_req. */
    private static final int REQUEST_SIZE = 24;

    private static final int STATES = 4;
    private static final int REQUEST_INODE = 8;
    private static final int SHOW = 12;
    private static final int COOKIE = 16;
    private static final int ANY_COOKIE = -1;

    /** Of struct unix_diag_msg. */
    private static final int STATE = 2;

    private static final int INODE = 4;

    /** Where its attributes begin. */
    static final int ATTRIBUTES = 16;

    private UnixDiagnostics() {}

    static MemorySegment ofInode(Arena arena, long inode, int show) {
        MemorySegment question = question(arena, show);
        question.set(JAVA_INT, STATES, -1);
        question.set(JAVA_INT, REQUEST_INODE, (int) inode);
        return question;
    }

    static MemorySegment inState(Arena arena, int state, int show) {
        MemorySegment question = question(arena, show);
        question.set(JAVA_INT, STATES, 1 << state);
        return question;
    }

    private static MemorySegment question(Arena arena, int show) {
        MemorySegment question = arena.allocate(REQUEST_SIZE, 8);
        question.set(JAVA_BYTE, 0, (byte) SocketCalls.AF_UNIX);
        question.set(JAVA_INT, SHOW, show);
        question.set(JAVA_INT, COOKIE, ANY_COOKIE);
        question.set(JAVA_INT, COOKIE + 4, ANY_COOKIE);
        return question;
    }

    static int state(MemorySegment answer) {
        return answer.get(JAVA_BYTE, STATE);
    }

    /** 0 for a connection that was not accepted yet. */
    static long inode(MemorySegment answer) {
        return Integer.toUnsignedLong(answer.get(JAVA_INT, INODE));
    }
}
