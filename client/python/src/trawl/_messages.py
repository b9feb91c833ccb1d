"""Classes of the contract's messages, from its descriptors.

They live in a pool of their own: the default pool has room for one google/rpc/status.proto in a
process, and that is for whoever else brings one. And they are made by protobuf's public functions
alone, so that one package serves protobuf 3.21 and those that no longer run what 3.21 generates.
"""

from typing import Any

from google.protobuf import any_pb2, descriptor_pool, duration_pb2, message_factory, timestamp_pb2
from google.protobuf.descriptor import Descriptor
from google.protobuf.descriptor_pb2 import FileDescriptorProto
from google.protobuf.internal.enum_type_wrapper import EnumTypeWrapper

_POOL = descriptor_pool.DescriptorPool()
for _file in (any_pb2, duration_pb2, timestamp_pb2):
    _POOL.AddSerializedFile(_file.DESCRIPTOR.serialized_pb)


def _message_class(descriptor: Descriptor) -> Any:
    if hasattr(message_factory, "GetMessageClass"):
        return message_factory.GetMessageClass(descriptor)
    made = message_factory.MessageFactory(_POOL).GetPrototype(descriptor)  # protobuf 3.21
    for nested in descriptor.nested_types:
        if not nested.GetOptions().map_entry:
            setattr(made, nested.name, _message_class(nested))
    return made


def define(module: dict[str, Any], serialized: bytes) -> None:
    """Puts messages and enums of a file into the namespace of its module."""
    _POOL.AddSerializedFile(serialized)
    file = _POOL.FindFileByName(FileDescriptorProto.FromString(serialized).name)
    module["DESCRIPTOR"] = file
    for name, message in file.message_types_by_name.items():
        module[name] = _message_class(message)
    for name, enum in file.enum_types_by_name.items():
        module[name] = EnumTypeWrapper(enum)
        for value in enum.values:
            module[value.name] = value.number
