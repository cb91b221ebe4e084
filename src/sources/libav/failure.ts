import { constants } from "node:os";
import {
  AVERROR_EOF,
  AVERROR_EXIT,
  AVERROR_HTTP_FORBIDDEN,
  AVERROR_HTTP_NOT_FOUND,
  AVERROR_HTTP_UNAUTHORIZED,
  AVERROR_INVALIDDATA,
} from "node-av/constants";
import { FFmpegError } from "node-av/lib";
import { type CodedError, fault } from "../../errors.ts";

const { errno } = constants;

/**
 * What libav's refusal to open an address means to a person.
 * @param code a negative AVERROR
 * @param shown the address without its credentials; libav's own text is never passed on with an address in it
 */
export function openFailure(code: number, shown: string): CodedError {
  const address = shown;
  switch (code) {
    case AVERROR_HTTP_UNAUTHORIZED:
    case AVERROR_HTTP_FORBIDDEN:
      return fault("SOURCE_PASSWORD", { address });
    case AVERROR_HTTP_NOT_FOUND:
      return fault("SOURCE_NO_STREAM", { address });
    case AVERROR_INVALIDDATA:
    case AVERROR_EOF:
      return fault("SOURCE_FORMAT", { address });
    case AVERROR_EXIT:
      return fault("SOURCE_CLOSED", { address });
    case -errno.ENOENT:
    case -errno.ENODEV:
    case -errno.ENXIO:
      return fault("SOURCE_NOT_FOUND", { address });
    case -errno.EACCES:
    case -errno.EPERM:
      return fault("SOURCE_UNREADABLE", { address });
    case -errno.EBUSY:
      return fault("SOURCE_BUSY", { address });
    case -errno.ECONNREFUSED:
      return fault("SOURCE_UNREACHABLE", { address, reason: "the connection is refused" });
    case -errno.EHOSTUNREACH:
    case -errno.ENETUNREACH:
      return fault("SOURCE_UNREACHABLE", { address, reason: "there is no route to it" });
    case -errno.ETIMEDOUT:
      return fault("SOURCE_UNREACHABLE", { address, reason: "it does not answer" });
    case -errno.ECONNRESET:
    case -errno.EPIPE:
      return fault("SOURCE_UNREACHABLE", { address, reason: "it broke the connection off" });
    default:
      return fault("SOURCE_FAILED", { address, reason: new FFmpegError(code).message });
  }
}

/** The same for an address on the network, where an unknown host shows as an I/O error. */
export function connectFailure(code: number, shown: string): CodedError {
  if (code === -errno.EIO) {
    return fault("SOURCE_UNREACHABLE", {
      address: shown,
      reason: "its host name is unknown or it broke the connection off",
    });
  }
  return openFailure(code, shown);
}
