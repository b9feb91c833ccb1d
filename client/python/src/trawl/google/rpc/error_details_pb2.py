# Made from proto/ by client/python/generate: change it there.
from trawl._messages import define

define(globals(), (
    b'\n\x1egoogle/rpc/error_details.proto\x12\ngoogle.rpc\x1a\x1egoogle/protobu'
    b'f/duration.proto"\xb9\x01\n\tErrorInfo\x12\x16\n\x06reason\x18\x01 \x01(\tR\x06reason\x12\x16\n\x06do'
    b'main\x18\x02 \x01(\tR\x06domain\x12?\n\x08metadata\x18\x03 \x03(\x0b2#.google.rpc.ErrorInfo.'
    b'MetadataEntryR\x08metadata\x1a;\n\rMetadataEntry\x12\x10\n\x03key\x18\x01 \x01(\tR\x03key\x12\x14'
    b'\n\x05value\x18\x02 \x01(\tR\x05value:\x028\x01"G\n\tRetryInfo\x12:\n\x0bretry_delay\x18\x01 \x01(\x0b2\x19'
    b'.google.protobuf.DurationR\nretryDelay"\xa8\x01\n\nBadRequest\x12P\n\x10fiel'
    b'd_violations\x18\x01 \x03(\x0b2%.google.rpc.BadRequest.FieldViolationR\x0ff'
    b'ieldViolations\x1aH\n\x0eFieldViolation\x12\x14\n\x05field\x18\x01 \x01(\tR\x05field\x12 \n\x0bde'
    b'scription\x18\x02 \x01(\tR\x0bdescriptionb\x06proto3'
))
