package org.procmon.posix.socket;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import org.procmon.posix.Descriptor;
import org.procmon.posix.Errno;

/**
 * The TCP listeners of one address and port that were made with {@link
 * ListeningSocket.Sharing#SHARED}: by default the kernel spreads connections over all of them. Any
 * thread; needs no privilege. Source: socket(7), SO_ATTACH_REUSEPORT_CBPF.
 */
public final class ReusePortGroup {
    private static final int ATTACH_PROGRAM = 51;

    /** Of struct sock_fprog: the number of instructions, and their address. */
    private static final int PROGRAM_SIZE = 16;

    private static final int INSTRUCTIONS = 8;

    /** Of struct sock_filter: the code, two jumps, and the operand. */
    private static final int INSTRUCTION_SIZE = 8;

    private static final int OPERAND = 4;

    /** BPF_RET, BPF_K. */
    private static final short RETURN_OPERAND = 0x06;

    private ReusePortGroup() {}

    /**
     * Gives all further connections to one listener of the group; empty when done. Those that wait
     * already stay where they are. If the index is beyond the group, which is so when that listener
     * was the last one and is closed, the kernel spreads connections again.
     *
     * <p>A listener joins at the end of the group when it listens. When one is closed by all its
     * processes, the last one takes its place, so the index must then be set again.
     *
     * @param member any listener of the group
     * @param index which one gets the connections, from 0
     */
    public static Optional<Errno> choose(Descriptor member, int index) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment instruction = arena.allocate(INSTRUCTION_SIZE, 8);
            instruction.set(JAVA_SHORT, 0, RETURN_OPERAND);
            instruction.set(JAVA_INT, OPERAND, index);
            MemorySegment program = arena.allocate(PROGRAM_SIZE, 8);
            program.set(JAVA_SHORT, 0, (short) 1);
            program.set(JAVA_LONG, INSTRUCTIONS, instruction.address());
            return SocketCalls.setOption(member, SocketCalls.SOL_SOCKET, ATTACH_PROGRAM, program)
                    ? Optional.empty()
                    : Optional.of(SocketCalls.errno());
        }
    }
}
